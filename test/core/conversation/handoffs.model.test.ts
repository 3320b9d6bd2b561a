import fc from 'fast-check';
import { expect, test } from 'vitest';
import { V1, V2 } from '../../../src/realtime/index.ts';
import { SessionWorld } from './support/session-world.ts';
import type { Seen } from './support/session-world.ts';

type Step = (world: SessionWorld) => void;

function step(name: string, act: Step): fc.Arbitrary<{ name: string; act: Step }> {
  return fc.constant({ name, act });
}

/** One step for each of the values, named by it. */
function steps<T>(name: string, values: readonly T[], act: (world: SessionWorld, value: T) => void) {
  return fc
    .constantFrom(...values)
    .map((value) => ({ name: `${name} ${String(value)}`, act: (world: SessionWorld) => act(world, value) }));
}

const ITEM = { type: 'message', role: 'assistant', content: [] };

const upstreamStep = fc.oneof(
  { weight: 6, arbitrary: steps('call', ['look', 'dig', 'stop', ''], (world, words) => world.call(words)) },
  { weight: 2, arbitrary: step('call for silence', (world) => world.callForSilence()) },
  { weight: 3, arbitrary: step('response to speech', (world) => world.respondToSpeech()) },
  {
    weight: 6,
    arbitrary: steps('answer to create', ['made', 'made', 'failed'] as const, (world, how) =>
      world.answerCreate(how),
    ),
  },
  {
    weight: 6,
    arbitrary: steps('end of response', ['done', 'cancelled', 'both'] as const, (world, how) =>
      world.endResponse(how),
    ),
  },
  { weight: 1, arbitrary: step('repeated end of response', (world) => world.repeatEnd()) },
  { weight: 1, arbitrary: step('other failure', (world) => world.failElsewhere()) },
  {
    weight: 1,
    arbitrary: step('speech', (world) =>
      world.say(
        { type: 'input_audio_buffer.speech_started', item_id: 'user_1' },
        {
          type: 'conversation.item.input_audio_transcription.completed',
          item_id: 'user_1',
          transcript: 'Hm.',
        },
      ),
    ),
  },
  {
    weight: 1,
    arbitrary: step('audio', (world) =>
      world.say(
        { type: 'response.output_audio.delta', delta: 'AAAA', item_id: 'item_1', samples_per_channel: 2_400 },
        { type: 'conversation.item.added', item: ITEM },
      ),
    ),
  },
);

const agentStep = fc.oneof(
  { weight: 6, arbitrary: step('agent takes a request', (world) => world.take()) },
  { weight: 1, arbitrary: step('agent refuses a request', (world) => world.refuse()) },
  { weight: 4, arbitrary: steps('agent says', ['one', 'two', ''], (world, words) => world.agentSays(words)) },
  {
    weight: 4,
    arbitrary: steps('turn', ['completed', 'failed', 'interrupted'] as const, (world, status) =>
      world.endTurn(status),
    ),
  },
);

const userStep = fc.oneof(
  step('typed turn', (world) => world.startTypedTurn()),
  steps('append', ['hello', ''], (world, words) => world.userAppends(words)),
  step('stop', (world) => world.endTurn('interrupted')),
);

const rareStep = fc.oneof(
  step('forty calls at once', (world) => {
    for (let count = 0; count < 40; count += 1) world.call('look');
  }),
  steps('end', ['disposed', 'closed', 'lost', 'binary', 'fatal'] as const, (world, how) => world.end(how)),
);

const anyStep = fc.oneof(
  { weight: 30, arbitrary: upstreamStep },
  { weight: 20, arbitrary: agentStep },
  { weight: 6, arbitrary: userStep },
  { weight: 1, arbitrary: rareStep },
);

test.each([V1, V2])(
  'whatever upstream, agent and user do, every call of $name is answered once, and one response is asked for at a time',
  async (version) => {
    const seen: Seen = { refusals: 0, failures: 0, steers: 0, flushes: 0, ends: 0 };
    await fc.assert(
      fc.asyncProperty(fc.array(anyStep, { maxLength: 60, size: 'max' }), async (taken) => {
        const world = new SessionWorld(version, seen);
        for (const { act, name } of taken) {
          act(world);
          await world.rest();
          expect(world.broken, `after: ${name}`).toEqual([]);
        }
        await world.finish();
        expect(world.broken, 'at the end').toEqual([]);
      }),
      { numRuns: 400 },
    );
    const { ends, steers, ...responses } = seen;
    for (const count of [ends, steers]) expect(count).toBeGreaterThan(0);
    for (const count of Object.values(responses)) expect(count > 0).toBe(version.responseCreate !== null);
  },
  60_000,
);
