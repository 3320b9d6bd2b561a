import fc from 'fast-check';
import { expect, test } from 'vitest';
import { V1, V2 } from '../../src/realtime/index.ts';
import { Call } from './call.ts';

/** Names of members and values that some event has, so that arbitrary events come near to real ones. */
const MEMBERS = [
  'delta',
  'text',
  'transcript',
  'item',
  'item_id',
  'id',
  'call_id',
  'name',
  'arguments',
  'error',
];
const WORDS = [
  'function_call',
  'background_agent',
  'remain_silent',
  'message',
  'invalid_request_error',
  '{}',
];

const member = fc.oneof(
  fc.constantFrom(...WORDS),
  fc.jsonValue({ maxDepth: 2 }),
  fc.dictionary(
    fc.constantFrom('type', 'code', ...MEMBERS),
    fc.oneof(fc.constantFrom(...WORDS), fc.jsonValue()),
    {
      maxKeys: 5,
    },
  ),
);

const event = fc
  .record({
    type: fc.constantFrom(...V1.decoders.keys(), ...V2.decoders.keys(), 'unheard.of'),
    members: fc.dictionary(fc.constantFrom(...MEMBERS), member),
  })
  .map(({ type, members }) => JSON.stringify({ ...members, type }));

const frames = fc.array(
  fc.oneof({ weight: 3, arbitrary: event }, fc.json(), fc.string(), fc.string({ unit: 'binary' })),
  { maxLength: 20 },
);

test('whatever the upstream says, the daemon lives, answers, and speaks the protocol', async () => {
  const call = await Call.open();
  let closed = 0;
  await fc.assert(
    fc.asyncProperty(fc.constantFrom('v1', 'v2'), frames, async (version, texts) => {
      const socket = await call.start({ version });
      for (const text of texts) socket.socket.send(text);
      socket.send({ type: 'conversation.item.added', item: { fence: 'last' } });
      const seen = call.daemon.messages.length;
      await call.daemon.until('the last item, or the end', () => {
        const hasEnded = call.count('closed') > closed;
        const isPast = call.daemon.messages.slice(seen).some(({ params }) => isLast(params?.['item']));
        return hasEnded || isPast ? true : undefined;
      });
      if (call.count('closed') === closed) await call.stop();
      closed += 1;
      await call.until('closed', closed);
      expect(call.count('closed')).toBe(closed);
      expect(await call.daemon.request('thread/loaded/list', {})).toEqual({
        data: [call.threadId],
        nextCursor: null,
      });
    }),
    { numRuns: 200 },
  );
  expect(call.daemon.garbage).toEqual([]);
  expect(call.daemon.process.exitCode).toBeNull();
  expect(call.heard.filter(({ method }) => method === 'error')).toEqual([]);
});

function isLast(item: unknown): boolean {
  return typeof item === 'object' && item !== null && 'fence' in item && item.fence === 'last';
}
