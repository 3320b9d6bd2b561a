import { describe, expect, it } from 'vitest';
import type { ThreadItem, Turn } from '../../../src/protocol/index.ts';
import { settled } from '../../../src/core/rollout/index.ts';
import type { OpenItems } from '../../../src/core/rollout/index.ts';

function message(id: string): ThreadItem {
  return { type: 'agentMessage', id, text: id, phase: null, memoryCitation: null };
}

function turn(id: string, changes: Partial<Turn> = {}): Turn {
  return {
    id,
    items: [],
    itemsView: 'full',
    status: 'inProgress',
    error: null,
    startedAt: 1,
    completedAt: null,
    durationMs: null,
    ...changes,
  };
}

function open(...ids: string[]): OpenItems {
  const order = new Map(['a', 'b', 'c', 'd'].map((id, index) => [id, index]));
  return { turnId: 'U2', items: ids.map(message), order };
}

describe('the turns of a thread as they are read', () => {
  it('were interrupted where they are open and do not run', () => {
    const turns = [turn('U1', { status: 'completed' }), turn('U2')];
    expect(settled(turns)).toEqual([turns[0], turn('U2', { status: 'interrupted' })]);
    expect(settled([turn('U1'), turn('U2')], open())).toEqual([
      turn('U1', { status: 'interrupted' }),
      turn('U2'),
    ]);
  });

  it('have what is under way in the one that runs, where it began', () => {
    const items = (...ids: string[]): string[] => {
      const stored = turn('U2', { items: ['b', 'spoken', 'd'].map(message) });
      return settled([stored], open(...ids))[0]?.items.map(({ id }) => id) ?? [];
    };
    expect(items()).toEqual(['b', 'spoken', 'd']);
    expect(items('a')).toEqual(['a', 'b', 'spoken', 'd']);
    expect(items('c')).toEqual(['b', 'spoken', 'c', 'd']);
    expect(items('a', 'c', 'e')).toEqual(['a', 'b', 'spoken', 'c', 'd', 'e']);
  });

  it('have nothing twice that ended meanwhile', () => {
    const stored = turn('U2', { items: [message('a')] });
    expect(settled([stored], open('a'))).toEqual([stored]);
  });

  it('have nothing of another turn, or of one that is over or has no items', () => {
    for (const other of [
      turn('U3'),
      turn('U2', { status: 'completed' }),
      turn('U2', { itemsView: 'notLoaded' }),
    ]) {
      expect(settled([other], open('a'))).toEqual([other]);
    }
  });
});
