import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { estimatedTokens, History } from '../../../src/core/turn/history.ts';
import { textTokens } from '../../../src/util/text-budget.ts';
import type { ResponseItem } from '../../../src/responses/index.ts';

function message(words: string): ResponseItem {
  return { type: 'message', role: 'user', content: [{ type: 'input_text', text: words }] };
}

const action = { type: 'exec' as const, command: ['ls'] };

/** Calls and outputs with few ids, so that they often meet, and messages between. */
const item: fc.Arbitrary<ResponseItem> = fc
  .tuple(fc.integer({ min: 0, max: 7 }), fc.constantFrom('a', 'b', 'c', 'd'))
  .map(([kind, call_id]): ResponseItem => {
    switch (kind) {
      case 0:
        return { type: 'function_call', name: 'f', arguments: '{}', call_id };
      case 1:
        return { type: 'custom_tool_call', name: 'f', input: '', call_id };
      case 2:
        return { type: 'local_shell_call', status: 'completed', action, call_id };
      case 3:
        return { type: 'tool_search_call', execution: 'client', arguments: {}, call_id };
      case 4:
        return { type: 'function_call_output', call_id, output: 'ok' };
      case 5:
        return { type: 'custom_tool_call_output', call_id, output: 'ok' };
      case 6:
        return { type: 'tool_search_output', call_id, status: 'completed', execution: 'client', tools: [] };
      default:
        return message(call_id);
    }
  });

function historyOf(items: readonly ResponseItem[]): History {
  const history = new History();
  history.record(...items);
  return history;
}

function callIds(items: readonly ResponseItem[], isOutput: boolean): Set<unknown> {
  return new Set(
    items
      .filter(({ type }) => type.endsWith(isOutput ? '_output' : '_call'))
      .map((call) => ('call_id' in call ? call.call_id : null)),
  );
}

describe('the history as a request carries it', () => {
  it('answers a call that nobody answered right after it, by its kind', () => {
    const calls: ResponseItem[] = [
      { type: 'function_call', name: 'f', arguments: '{}', call_id: 'a' },
      { type: 'custom_tool_call', name: 'f', input: '', call_id: 'b' },
      { type: 'local_shell_call', status: 'completed', action, call_id: 'c' },
      { type: 'tool_search_call', execution: 'client', arguments: {}, call_id: 'd' },
    ];
    expect(historyOf([...calls, message('next')]).forModel()).toEqual([
      calls[0],
      { type: 'function_call_output', call_id: 'a', output: 'aborted' },
      calls[1],
      { type: 'custom_tool_call_output', call_id: 'b', output: 'aborted' },
      calls[2],
      { type: 'function_call_output', call_id: 'c', output: 'aborted' },
      calls[3],
      { type: 'tool_search_output', call_id: 'd', status: 'completed', execution: 'client', tools: [] },
      message('next'),
    ]);
  });

  it('holds an output for every call and a call for every output, and keeps the order of the rest', () => {
    fc.assert(
      fc.property(fc.array(item, { maxLength: 20 }), (items) => {
        const history = historyOf(items);
        const sent = history.forModel();
        expect(callIds(sent, true)).toEqual(callIds(sent, false));
        const calls = callIds(items, false);
        const expected = items.filter(
          (one) => !one.type.endsWith('_output') || calls.has('call_id' in one ? one.call_id : null),
        );
        const own = new Set<ResponseItem>(items);
        expect(sent.filter((one) => own.has(one))).toEqual(expected);
        expect(historyOf(sent).forModel()).toEqual(sent);
        expect(history.items).toEqual(items);
      }),
    );
  });

  it('lacks items of unknown types, which are not recorded', () => {
    const history = historyOf([{ type: 'other', itemType: 'novelty' }, message('a')]);
    expect(history.items).toEqual([message('a')]);
  });
});

describe('the estimate of tokens', () => {
  it('counts four bytes as one, and begins a new one with the next byte', () => {
    expect(['', 'a', 'abcd', 'abcde', '😀', '😀a'].map(textTokens)).toEqual([0, 1, 1, 2, 1, 2]);
  });

  it('counts what the JSON of an item takes', () => {
    expect(estimatedTokens(message('a'))).toBe(Math.ceil(JSON.stringify(message('a')).length / 4));
  });

  it('counts inline images alike, however large, and linked ones by their address', () => {
    const image = (image_url: string): ResponseItem => ({
      type: 'message',
      role: 'user',
      content: [{ type: 'input_image', image_url, detail: 'high' }],
    });
    const small = estimatedTokens(image('data:image/png;base64,AA'));
    expect(estimatedTokens(image(`data:image/png;base64,${'A'.repeat(1_000_000)}`))).toBe(small);
    expect(small - estimatedTokens(image(''))).toBeGreaterThanOrEqual(Math.floor(7373 / 4));
    expect(estimatedTokens(image('https://example.com/a.png'))).toBeLessThan(small);
  });

  it('counts of encrypted reasoning what is inside', () => {
    const encrypted = (length: number): ResponseItem => ({
      type: 'reasoning',
      summary: [],
      encrypted_content: 'A'.repeat(length),
    });
    expect(estimatedTokens(encrypted(4000))).toBe(Math.ceil((3000 - 650) / 4));
    expect(estimatedTokens(encrypted(100))).toBe(0);
  });

  it('of a history is the sum of its items', () => {
    fc.assert(
      fc.property(fc.array(item), (items) => {
        const sum = items.reduce((total, one) => total + estimatedTokens(one), 0);
        expect(historyOf(items).estimatedTokens()).toBe(sum);
      }),
    );
  });
});
