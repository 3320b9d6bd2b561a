import { describe, expect, it } from 'vitest';
import type { SessionSource, ThreadSourceKind } from '../../../src/protocol/index.ts';
import { isOfKind, sourceOfStored, storedSource } from '../../../src/core/rollout/source.ts';

const spawn = {
  parent_thread_id: '01a1fb3d-6f72-79e3-93d9-00bf3dcfbd64',
  depth: 1,
  agent_path: null,
  agent_nickname: 'Ada',
  agent_role: null,
};

const kinds: readonly ThreadSourceKind[] = [
  'cli',
  'vscode',
  'exec',
  'appServer',
  'subAgent',
  'subAgentReview',
  'subAgentCompact',
  'subAgentThreadSpawn',
  'subAgentOther',
  'unknown',
];

const cases: readonly (readonly [SessionSource, unknown, readonly ThreadSourceKind[]])[] = [
  ['cli', 'cli', ['cli']],
  ['vscode', 'vscode', ['vscode']],
  ['exec', 'exec', ['exec']],
  ['appServer', 'mcp', ['appServer']],
  ['unknown', 'unknown', ['unknown']],
  [{ custom: 'atlas' }, { custom: 'atlas' }, ['unknown']],
  [{ subAgent: 'review' }, { subagent: 'review' }, ['subAgent', 'subAgentReview']],
  [{ subAgent: 'compact' }, { subagent: 'compact' }, ['subAgent', 'subAgentCompact']],
  [{ subAgent: 'memory_consolidation' }, { subagent: 'memory_consolidation' }, ['subAgent', 'subAgentOther']],
  [{ subAgent: { other: 'x' } }, { subagent: { other: 'x' } }, ['subAgent', 'subAgentOther']],
  [
    { subAgent: { thread_spawn: spawn } },
    { subagent: { thread_spawn: spawn } },
    ['subAgent', 'subAgentThreadSpawn'],
  ],
];

describe('the source of a thread', () => {
  it.each(cases)('%j', (source, stored, expected) => {
    expect(storedSource(source)).toEqual(stored);
    expect(sourceOfStored(stored)).toEqual(source);
    expect(kinds.filter((kind) => isOfKind(source, kind))).toEqual(expected);
  });

  it('is read in the spelling of the wire too, and with what is left out', () => {
    expect(sourceOfStored({ subAgent: 'review' })).toEqual({ subAgent: 'review' });
    const { parent_thread_id, depth } = spawn;
    expect(sourceOfStored({ subagent: { thread_spawn: { parent_thread_id, depth } } })).toEqual({
      subAgent: { thread_spawn: { ...spawn, agent_nickname: null } },
    });
  });

  it('is vscode where there is none, and unknown where it says nothing known', () => {
    expect(sourceOfStored(undefined)).toBe('vscode');
    expect(sourceOfStored(null)).toBe('vscode');
    for (const stored of [
      'appServer',
      '',
      7,
      [],
      {},
      { subagent: 'chess' },
      { subagent: {} },
      { custom: 1 },
    ]) {
      expect(sourceOfStored(stored)).toBe('unknown');
    }
  });
});
