import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { attachItemIds } from '../../src/responses/item/azure-ids.ts';
import { parseItem } from '../../src/responses/item/parse.ts';
import { serializeItems } from '../../src/responses/item/serialize.ts';
import type { ResponseItem } from '../../src/responses/index.ts';

/** An item as a request carries it, after it went over the wire. */
function sent(...items: ResponseItem[]): unknown {
  return JSON.parse(JSON.stringify(serializeItems(items)));
}

/** What is sent back of an item that the API sent. */
function echoed(item: object): unknown {
  const parsed = parseItem(item);
  expect(parsed).not.toBeNull();
  return sent(parsed!);
}

const part = (type: 'input_text' | 'output_text', text: string): object => ({ type, text });

describe('an item that comes back', () => {
  test.each([
    [
      'message',
      {
        type: 'message',
        id: 'm',
        status: 'completed',
        role: 'assistant',
        content: [part('output_text', 'a')],
        phase: null,
      },
      { type: 'message', role: 'assistant', content: [part('output_text', 'a')] },
    ],
    [
      'message with a phase',
      { type: 'message', role: 'assistant', content: [], phase: 'commentary' },
      { type: 'message', role: 'assistant', content: [], phase: 'commentary' },
    ],
    [
      'function_call',
      { type: 'function_call', id: 'f', name: 'n', arguments: '{"a":1}', call_id: 'c', status: 'completed' },
      { type: 'function_call', name: 'n', arguments: '{"a":1}', call_id: 'c' },
    ],
    [
      'function_call of a namespace',
      { type: 'function_call', name: 'n', namespace: 's', arguments: '', call_id: 'c' },
      { type: 'function_call', name: 'n', namespace: 's', arguments: '', call_id: 'c' },
    ],
    [
      'custom_tool_call',
      { type: 'custom_tool_call', id: 'x', status: 'completed', call_id: 'c', name: 'n', input: 'raw' },
      { type: 'custom_tool_call', status: 'completed', call_id: 'c', name: 'n', input: 'raw' },
    ],
    [
      'local_shell_call',
      {
        type: 'local_shell_call',
        id: 'l',
        call_id: 'c',
        status: 'completed',
        action: { type: 'exec', command: ['ls'], timeout_ms: 5 },
      },
      {
        type: 'local_shell_call',
        call_id: 'c',
        status: 'completed',
        action: {
          type: 'exec',
          command: ['ls'],
          timeout_ms: 5,
          working_directory: null,
          env: null,
          user: null,
        },
      },
    ],
    [
      'tool_search_call',
      { type: 'tool_search_call', id: 't', call_id: 'c', execution: 'client', arguments: { query: 'q' } },
      { type: 'tool_search_call', call_id: 'c', execution: 'client', arguments: { query: 'q' } },
    ],
    [
      'tool_search_output',
      {
        type: 'tool_search_output',
        call_id: 'c',
        status: 'completed',
        execution: 'client',
        tools: [{ a: 1 }],
      },
      {
        type: 'tool_search_output',
        call_id: 'c',
        status: 'completed',
        execution: 'client',
        tools: [{ a: 1 }],
      },
    ],
    [
      'web_search_call',
      {
        type: 'web_search_call',
        id: 'w',
        status: 'completed',
        action: { type: 'search', query: 'q', queries: null },
      },
      { type: 'web_search_call', status: 'completed', action: { type: 'search', query: 'q' } },
    ],
    [
      'web_search_call with a new kind of action',
      { type: 'web_search_call', action: { type: 'fly', height: 1 } },
      { type: 'web_search_call', action: { type: 'fly' } },
    ],
    [
      'image_generation_call',
      { type: 'image_generation_call', id: 'i', status: 'completed', revised_prompt: null, result: 'AA==' },
      { type: 'image_generation_call', id: 'i', status: 'completed', result: 'AA==' },
    ],
    [
      'compaction',
      { type: 'compaction', id: 'k', encrypted_content: 'e' },
      { type: 'compaction', encrypted_content: 'e' },
    ],
    [
      'compaction by its other name',
      { type: 'compaction_summary', encrypted_content: 'e' },
      { type: 'compaction', encrypted_content: 'e' },
    ],
    [
      'context_compaction',
      { type: 'context_compaction', encrypted_content: null },
      { type: 'context_compaction' },
    ],
  ])('%s', (_type, item, expected) => {
    expect(echoed(item)).toEqual([expected]);
  });

  test.each([
    ['never told', {}, { content: null, encrypted_content: null }],
    ['null', { content: null, encrypted_content: 'e' }, { content: null, encrypted_content: 'e' }],
    [
      'told',
      { content: [{ type: 'reasoning_text', text: 'r' }] },
      { content: [{ type: 'reasoning_text', text: 'r' }], encrypted_content: null },
    ],
    ['told in another kind', { content: [{ type: 'text', text: 'r' }] }, { encrypted_content: null }],
  ])('reasoning that was %s', (_what, members, expected) => {
    const summary = [{ type: 'summary_text', text: 's' }];
    expect(echoed({ type: 'reasoning', id: 'r', summary, ...members })).toEqual([
      { type: 'reasoning', summary, ...expected },
    ]);
  });

  test.each([
    ['a text', 'done', 'done'],
    ['one part of text', [part('input_text', 'done')], 'done'],
    [
      'two parts',
      [part('input_text', 'a'), part('input_text', 'b')],
      [part('input_text', 'a'), part('input_text', 'b')],
    ],
    [
      'an image',
      [{ type: 'input_image', image_url: 'data:x', detail: 'high' }],
      [{ type: 'input_image', image_url: 'data:x', detail: 'high' }],
    ],
    ['nothing', [], []],
  ])('an output that is %s', (_what, output, expected) => {
    const items = [
      { type: 'function_call_output', call_id: 'c', output },
      { type: 'custom_tool_call_output', call_id: 'c', name: 'n', output },
    ];
    expect(items.flatMap(echoed)).toEqual(items.map((item) => ({ ...item, output: expected })));
  });
});

describe('an item that is read', () => {
  test('keeps its id', () => {
    expect(parseItem({ type: 'function_call', id: 'f', name: 'n', arguments: '', call_id: 'c' })).toEqual({
      type: 'function_call',
      id: 'f',
      name: 'n',
      arguments: '',
      call_id: 'c',
    });
  });

  test('keeps what it can of a message', () => {
    const content = [
      { type: 'output_text', text: 'a', annotations: [] },
      { type: 'hologram', shape: 1 },
      { type: 'refusal', refusal: 'no' },
      { type: 'refusal' },
    ];
    expect(parseItem({ type: 'message', role: 'assistant', content, phase: 'epilogue' })).toEqual({
      type: 'message',
      role: 'assistant',
      content: [part('output_text', 'a'), part('output_text', 'no')],
    });
  });

  test.each([
    null,
    'item',
    [],
    {},
    { type: 7 },
    { type: 'message', role: 'assistant' },
    { type: 'function_call', name: 'n', arguments: {}, call_id: 'c' },
    { type: 'function_call_output', call_id: 'c' },
    { type: 'compaction' },
  ])('is none: %j', (value) => {
    expect(parseItem(value)).toBeNull();
  });

  test('of an unknown type is told but not sent', () => {
    const other = parseItem({ type: 'hologram', id: 'h' });
    expect(other).toEqual({ type: 'other', itemType: 'hologram' });
    expect(sent(other!)).toEqual([]);
  });

  test('whatever it is, is read or left out, and can be sent', () => {
    const types = [
      'message',
      'reasoning',
      'function_call',
      'web_search_call',
      'local_shell_call',
      'compaction',
    ];
    const members = fc.constantFrom(
      'id',
      'role',
      'content',
      'summary',
      'name',
      'arguments',
      'call_id',
      'action',
      'status',
    );
    const json = fc.json().map((text): unknown => JSON.parse(text));
    fc.assert(
      fc.property(fc.constantFrom(...types), fc.dictionary(members, json), (type, item) => {
        const parsed = parseItem({ ...item, type });
        if (parsed !== null) void sent(parsed);
      }),
    );
  });
});

test('ids are put back for Azure where they belong', () => {
  const items = [
    { type: 'reasoning', id: 'a', summary: [] },
    { type: 'message', id: 'b', role: 'assistant', content: [] },
    { type: 'web_search_call', id: 'c' },
    { type: 'function_call', id: 'd', name: 'n', arguments: '', call_id: '1' },
    { type: 'tool_search_call', id: 'e', call_id: '2', execution: 'client', arguments: null },
    {
      type: 'local_shell_call',
      id: 'f',
      call_id: '3',
      status: 'completed',
      action: { type: 'exec', command: [] },
    },
    { type: 'custom_tool_call', id: 'g', call_id: '4', name: 'n', input: '' },
    { type: 'function_call_output', call_id: '1', output: 'o' },
    { type: 'message', id: '', role: 'user', content: [] },
  ] as ResponseItem[];
  const ids = attachItemIds(serializeItems(items), items).map((item) => item['id']);
  expect(ids).toEqual(['a', 'b', 'c', 'd', 'e', 'f', 'g', undefined, undefined]);
});
