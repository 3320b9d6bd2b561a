import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { encodeLine } from '../../../src/core/rollout/line.ts';
import { peekLineType } from '../../../src/core/rollout/peek.ts';
import { anyEntry } from './any-entry.ts';

function peek(line: string): string | null {
  return peekLineType(Buffer.from(line));
}

describe('the type of a line', () => {
  it('shows at the beginning of every line that is written here', () => {
    fc.assert(
      fc.property(
        anyEntry,
        fc.date({ noInvalidDate: true, min: new Date(0), max: new Date(4e12) }),
        (entry, at) => {
          expect(peek(encodeLine(entry, at.getTime()))).toBe(entry.type);
        },
      ),
    );
  });

  it('is another one where it is not known here', () => {
    expect(peek('{"timestamp":"2026-11-20T23:15:22.141Z","type":"world_state","payload":{}}')).toBe('other');
    expect(peek('{"timestamp":"2026-11-20T23:15:22.141Z","type":"toString","payload":{}}')).toBe('other');
  });

  it('has to be read where a line begins otherwise', () => {
    for (const line of [
      '',
      '{"type":"response_item","payload":{}}',
      '{"timestamp":"2026-11-20T23:15:22Z","type":"response_item","payload":{}}',
      '{"timestamp": "2026-11-20T23:15:22.141Z", "type": "response_item"}',
      '{"timestamp":"2026-11-20T23:15:22.141Z","type":"respo',
      `{"timestamp":"2026-11-20T23:15:22.141Z","type":"${'x'.repeat(40)}"}`,
    ]) {
      expect([line, peek(line)]).toEqual([line, null]);
    }
  });

  it('never throws', () => {
    fc.assert(fc.property(fc.uint8Array(), (bytes) => peekLineType(Buffer.from(bytes)) === null));
  });
});
