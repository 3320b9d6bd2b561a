import fc from 'fast-check';
import { expect, test } from 'vitest';
import { PcmBuffer } from '../../../src/loopback/realtime/pcm-buffer.ts';

test('gives what a plain array would give, whatever is appended, dropped and copied', () => {
  const step = fc.oneof(
    fc.record({ kind: fc.constant('append' as const), length: fc.nat(90_000) }),
    fc.record({ kind: fc.constant('drop' as const), offset: fc.nat(300_000) }),
    fc.record({ kind: fc.constant('copy' as const), from: fc.nat(300_000), to: fc.nat(300_000) }),
    fc.record({ kind: fc.constant('clear' as const) }),
  );
  fc.assert(
    fc.property(fc.array(step, { maxLength: 25 }), (steps) => {
      const buffer = new PcmBuffer();
      let model = Buffer.alloc(0);
      let start = 0;
      for (const action of steps) {
        if (action.kind === 'append') {
          const piece = Buffer.alloc(action.length, model.length + 1);
          buffer.append(piece);
          model = Buffer.concat([model, piece]);
        } else if (action.kind === 'drop') {
          buffer.dropBefore(action.offset);
          start = Math.max(start, Math.min(action.offset, model.length));
        } else if (action.kind === 'clear') {
          buffer.clear();
          start = model.length;
        } else {
          const expected = model.subarray(Math.max(action.from, start), Math.max(action.to, 0));
          expect(Buffer.compare(buffer.copy(action.from, action.to), expected)).toBe(0);
        }
        expect([buffer.start, buffer.end, buffer.length]).toEqual([
          start,
          model.length,
          model.length - start,
        ]);
      }
    }),
  );
});

test('keeps nothing of what was dropped', () => {
  const buffer = new PcmBuffer();
  buffer.append(new Uint8Array(100_000).fill(7));
  buffer.dropBefore(99_990);
  expect([...buffer.copy(0, 200_000)]).toEqual(Array.from({ length: 10 }, () => 7));
});
