import { describe, expect, it } from 'vitest';
import { openCore } from '../../server/in-process-core.ts';

describe('an agent that is closed', () => {
  it('does not wait for a turn that was never run, which ends if it is run after all', async () => {
    const told: (readonly [string, unknown])[] = [];
    const core = openCore((event, params) => told.push([event, params]));
    const thread = core.threads.start({});
    const { run, turn } = thread.agent.startTurn({
      threadId: thread.id,
      input: [{ type: 'text', text: 'one', text_elements: [] }],
    });
    await thread.close();
    expect(told).toEqual([]);
    run();
    await thread.close();
    expect(told.map(([event]) => event)).toEqual([
      'threadStatusChanged',
      'turnStarted',
      'threadStatusChanged',
      'turnCompleted',
    ]);
    expect(told.at(-1)?.[1]).toMatchObject({ turn: { id: turn.id, status: 'interrupted', error: null } });
  });
});
