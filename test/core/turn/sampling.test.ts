import { expect, it } from 'vitest';
import { sample } from '../../../src/core/turn/stream/sampling.ts';
import { NO_RECORDER } from '../../../src/core/rollout/index.ts';
import { TurnReporter } from '../../../src/core/turn/turn-reporter.ts';
import type { ResponseEvent, ResponsesSession, TurnScope } from '../../../src/responses/index.ts';
import { Gate } from '../../../src/util/gate.ts';

const REQUEST = {
  model: 'm',
  instructions: '',
  input: [],
  tools: [],
  parallelToolCalls: false,
  reasoning: null,
  serviceTier: null,
  text: null,
};
const COMPLETED = { type: 'completed', responseId: 'r', usage: null, endTurn: null } as const;

it('does not read on while a client does not read what it is sent', async () => {
  const read: number[] = [];
  async function* stream(): AsyncGenerator<ResponseEvent> {
    for (const number of [1, 2, 3]) {
      read.push(number);
      yield { type: 'textDelta', itemId: null, delta: 'x' };
    }
    yield COMPLETED;
  }
  const output = new Gate();
  output.hold();
  const completed = sample({
    session: { stream } as unknown as ResponsesSession,
    scope: {} as TurnScope,
    context: { windowGeneration: 0, turnMetadata: null },
    request: () => Promise.resolve(REQUEST),
    maxRetries: 0,
    signal: new AbortController().signal,
    reporter: new TurnReporter({
      threadId: 't',
      turnId: 'u',
      emit: () => {},
      now: () => 0,
      recorder: NO_RECORDER,
      facts: { modelContextWindow: null, collaborationMode: 'default' },
      cwd: '/',
      onMessage: () => {},
      onTurnEnd: () => {},
    }),
    output,
    planId: null,
    newItemId: () => 'item',
    onItem: () => {},
    onEvent: () => {},
  });
  await new Promise((resolve) => setImmediate(resolve));
  expect(read).toEqual([1]);
  output.release();
  expect(await completed).toEqual(COMPLETED);
  expect(read).toEqual([1, 2, 3]);
});
