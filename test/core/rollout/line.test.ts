import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isForeignEvent, isForeignLine } from '../../../src/core/rollout/foreign-line.ts';
import { decodeLine, encodeLine } from '../../../src/core/rollout/line.ts';
import { anyEntry } from './any-entry.ts';
import { asked, metaEntry } from './entries.ts';

describe('a line', () => {
  it('is written with its time first, and ends with a line feed', () => {
    expect(encodeLine(asked('a "quoted" word'), 1_795_216_522_141)).toBe(
      '{"timestamp":"2026-11-20T23:15:22.141Z","type":"event_msg","payload":{"type":"user_message","message":"a \\"quoted\\" word"}}\n',
    );
  });

  it('reads back as it was written', () => {
    fc.assert(
      fc.property(anyEntry, (entry) => {
        const line = encodeLine(entry, 0);
        expect(line.indexOf('\n')).toBe(line.length - 1);
        expect(decodeLine(line)).toEqual(entry);
      }),
    );
  });

  it('loses members that are not known, but not what an item of the model has', () => {
    const line = JSON.stringify({
      type: 'session_meta',
      payload: { ...metaEntry().payload, agent_path: '/root' },
      extra: 1,
    });
    expect(decodeLine(line)).toEqual(metaEntry());
    const item = { type: 'telepathy', thought: { deep: [1, null] } };
    expect(decodeLine(JSON.stringify({ type: 'response_item', payload: item }))).toEqual({
      type: 'response_item',
      payload: item,
    });
  });

  it('is none where it is damaged or foreign, and nothing throws', () => {
    for (const text of [
      '',
      'x',
      '[]',
      'null',
      '1',
      '{}',
      '{"type":"__proto__"}',
      '{"type":"toString","payload":{}}',
    ]) {
      expect(decodeLine(text)).toBeNull();
    }
    fc.assert(fc.property(fc.oneof(fc.string(), fc.json()), (text) => decodeLine(text) === null));
  });
});

describe('a line that is not read', () => {
  it('is foreign where its kind or its event is not known', () => {
    expect(isForeignLine('{"type":"world_state","payload":{}}')).toBe(true);
    expect(isForeignLine('{"type":"event_msg","payload":{"type":"undo_completed"}}')).toBe(true);
  });

  it('is damaged where it is no line, or a known one that lacks something', () => {
    for (const text of [
      'x',
      'null',
      '{}',
      '{"type":7}',
      '{"type":"compacted","payload":{}}',
      '{"type":"event_msg"}',
      '{"type":"event_msg","payload":null}',
      '{"type":"event_msg","payload":{"type":1}}',
      '{"type":"event_msg","payload":{"type":"user_message"}}',
    ]) {
      expect([text, isForeignLine(text)]).toEqual([text, false]);
    }
  });

  it('shows at its beginning whether its event is known', () => {
    const line = (payload: object): Buffer =>
      Buffer.from(JSON.stringify({ timestamp: '2026-11-20T23:15:22.141Z', type: 'event_msg', payload }));
    expect(isForeignEvent(line({ type: 'exec_command_end', output: 'x'.repeat(100) }))).toBe(true);
    expect(isForeignEvent(line({ type: 'token_count', info: null }))).toBe(false);
    expect(isForeignEvent(line({ info: null, type: 'exec_command_end' }))).toBe(false);
    expect(isForeignEvent(line({ type: 'x'.repeat(100) }))).toBe(false);
    expect(isForeignEvent(Buffer.from('{"type":"event_msg","payload":{"type":"exec_command_end"}}'))).toBe(
      false,
    );
  });
});
