import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { decodeFrame, V1, V2 } from '../../src/realtime/index.ts';

const EVENT_TYPES = [
  'sessionUpdated',
  'outputAudio',
  'transcriptDelta',
  'transcriptDone',
  'speechStarted',
  'responseCreated',
  'responseCancelled',
  'responseDone',
  'itemAdded',
  'itemDone',
  'handoffRequested',
  'silenceRequested',
  'error',
  'ignored',
];

/** Member names that some decoder reads, so that arbitrary events come near to real ones. */
const MEMBERS = [
  'delta',
  'data',
  'text',
  'transcript',
  'sample_rate',
  'channels',
  'num_channels',
  'samples_per_channel',
  'item',
  'item_id',
  'id',
  'call_id',
  'handoff_id',
  'input_transcript',
  'name',
  'arguments',
  'response',
  'response_id',
  'session',
  'error',
  'message',
  'code',
];

describe.each([V1, V2])('$name', ({ decoders }) => {
  test.each(['', ' ', '{', 'nonsense', '{"type":"error"', "{'type':'error'}", '\u{feff}{}', 'undefined'])(
    '%j is not JSON',
    (frame) => {
      expect(decodeFrame(frame, decoders)).toEqual({ type: 'ignored', reason: 'notJson' });
    },
  );

  test.each([
    'null',
    '1',
    '"error"',
    '[]',
    '[{"type":"error"}]',
    '{}',
    '{"type":null}',
    '{"type":1}',
    '{"type":["error"]}',
    '{"event":{"type":"error","message":"m"}}',
    '{"__proto__":{"type":"error","message":"m"}}',
  ])('%s is no event', (frame) => {
    expect(decodeFrame(frame, decoders)).toEqual({ type: 'ignored', reason: 'notAnEvent' });
  });

  test('any text is decoded or ignored', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.string({ unit: 'binary' }), fc.json()), (frame) => {
        expect(EVENT_TYPES).toContain(decodeFrame(frame, decoders).type);
      }),
      { numRuns: 500 },
    );
  });

  test('any event is decoded or ignored', () => {
    const word = fc.constantFrom('background_agent', 'remain_silent', 'function_call', '{}', '{"text":"a"}');
    const scalar = fc.oneof(word, fc.string(), fc.integer(), fc.double(), fc.boolean(), fc.constant(null));
    const { value } = fc.letrec((tie) => ({
      value: fc.oneof({ depthSize: 'small', withCrossShrink: true }, scalar, tie('object'), fc.array(scalar)),
      object: fc.dictionary(fc.constantFrom('type', ...MEMBERS), tie('value')),
    }));
    const event = fc.record({
      type: fc.constantFrom(...V1.decoders.keys(), ...V2.decoders.keys()),
      fields: fc.dictionary(fc.constantFrom(...MEMBERS), value),
    });
    fc.assert(
      fc.property(event, ({ type, fields }) => {
        const decoded = decodeFrame(JSON.stringify({ ...fields, type }), decoders);
        expect(EVENT_TYPES).toContain(decoded.type);
        if (!decoders.has(type)) expect(decoded).toEqual({ type: 'ignored', reason: 'unknownType' });
      }),
      { numRuns: 1000 },
    );
  });

  test.each(['conversation.item.added', 'error'])('a %s may be nested, but not deeply', (type) => {
    const decode = (levels: number): string => {
      const nested = '['.repeat(levels) + ']'.repeat(levels);
      return decodeFrame(`{"type":"${type}","item":${nested},"error":${nested}}`, decoders).type;
    };
    expect(decode(100)).not.toBe('ignored');
    expect(decode(1_000)).toBe('ignored');
    expect(decode(100_000)).toBe('ignored');
  });
});
