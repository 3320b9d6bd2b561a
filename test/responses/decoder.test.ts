import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { EventDecoder } from '../../src/responses/event/decoder.ts';
import type { StreamSignal } from '../../src/responses/event/event.ts';
import { parseObject } from '../../src/responses/json.ts';
import type { JsonObject } from '../../src/responses/json.ts';
import { assistantItem, completed, completedEvent } from './support/events.ts';
import { bare, plain } from './support/session.ts';

/** What an event means, with errors in a form that can be compared. */
function decode(...events: object[]): unknown[] {
  const decoder = new EventDecoder();
  return events.flatMap((event) => decoder.decode(event as JsonObject)).map(comparable);
}

function comparable(signal: StreamSignal): unknown {
  return 'error' in signal ? { ...signal, error: plain(signal.error) } : signal;
}

const disconnected = (detail: string, changes: object = {}): object => ({
  type: 'failed',
  error: bare('streamDisconnected', `stream disconnected before completion: ${detail}`, {
    isRetryable: true,
    ...changes,
  }),
});

describe('an event', () => {
  test.each([
    ['created', { type: 'response.created', response: { id: 'r' } }, [{ type: 'created', responseId: 'r' }]],
    [
      'created without an id',
      { type: 'response.created', response: {} },
      [{ type: 'created', responseId: null }],
    ],
    ['created without a response', { type: 'response.created' }, []],
    ['created with null', { type: 'response.created', response: null }, []],
    [
      'a text delta',
      { type: 'response.output_text.delta', item_id: 'm', delta: 'hi' },
      [{ type: 'textDelta', itemId: 'm', delta: 'hi' }],
    ],
    [
      'a text delta without item',
      { type: 'response.output_text.delta', delta: 'hi' },
      [{ type: 'textDelta', itemId: null, delta: 'hi' }],
    ],
    ['a text delta that is no text', { type: 'response.output_text.delta', delta: { text: 'hi' } }, []],
    [
      'tool input with both ids',
      { type: 'response.custom_tool_call_input.delta', item_id: 'i', call_id: 'c', delta: 'x' },
      [{ type: 'toolInputDelta', itemId: 'i', callId: 'c', delta: 'x' }],
    ],
    [
      'tool input with a call id',
      { type: 'response.custom_tool_call_input.delta', call_id: 'c', delta: 'x' },
      [{ type: 'toolInputDelta', itemId: 'c', callId: 'c', delta: 'x' }],
    ],
    [
      'tool input with an item id',
      { type: 'response.custom_tool_call_input.delta', item_id: 'i', delta: 'x' },
      [{ type: 'toolInputDelta', itemId: 'i', callId: null, delta: 'x' }],
    ],
    ['tool input without any id', { type: 'response.custom_tool_call_input.delta', delta: 'x' }, []],
    [
      'a summary delta',
      { type: 'response.reasoning_summary_text.delta', item_id: 'r', delta: 's', summary_index: 1 },
      [{ type: 'reasoningSummaryDelta', itemId: 'r', summaryIndex: 1, delta: 's' }],
    ],
    ['a summary delta without index', { type: 'response.reasoning_summary_text.delta', delta: 's' }, []],
    [
      'a reasoning delta',
      { type: 'response.reasoning_text.delta', delta: 's', content_index: 0 },
      [{ type: 'reasoningTextDelta', itemId: null, contentIndex: 0, delta: 's' }],
    ],
    [
      'a reasoning delta with half an index',
      { type: 'response.reasoning_text.delta', delta: 's', content_index: 0.5 },
      [],
    ],
    [
      'a summary part',
      { type: 'response.reasoning_summary_part.added', item_id: 'r', summary_index: 2 },
      [{ type: 'reasoningSummaryPartAdded', itemId: 'r', summaryIndex: 2 }],
    ],
    [
      'an item added',
      { type: 'response.output_item.added', item: assistantItem('a') },
      [{ type: 'itemAdded', item: assistantItem('a') }],
    ],
    [
      'an item done',
      { type: 'response.output_item.done', item: { ...assistantItem('a'), status: 'completed' } },
      [{ type: 'itemDone', item: assistantItem('a') }],
    ],
    ['an item that cannot be read', { type: 'response.output_item.done', item: { type: 'message' } }, []],
    ['an item that is none', { type: 'response.output_item.done', item: 'text' }, []],
    [
      'an item of an unknown type',
      { type: 'response.output_item.done', item: { type: 'hologram', id: 'h' } },
      [{ type: 'itemDone', item: { type: 'other', itemType: 'hologram' } }],
    ],
    ['completed', completed('r', { end_turn: false }), [{ ...completedEvent('r'), endTurn: false }]],
    ['completed without a response', { type: 'response.completed' }, []],
    ['limits of another shape', { type: 'codex.rate_limits', rate_limits: 1 }, []],
  ])('%s', (_what, event, expected) => {
    expect(decode(event)).toEqual(expected);
  });

  test.each([
    'response.in_progress',
    'response.function_call_arguments.delta',
    'responsesapi.websocket_timing',
    'x',
  ])('of the type %s survives as it is', (type) => {
    const event = { type, delta: { anything: 1 } };
    expect(decode(event)).toEqual([{ type: 'other', eventType: type, event }]);
  });

  test.each([{}, { type: 3 }, { type: null }])('without a type is none: %j', (event) => {
    expect(decode(event)).toEqual([]);
  });
});

describe('completed', () => {
  test('tells what was used', () => {
    const usage = {
      input_tokens: 100,
      input_tokens_details: { cached_tokens: 10 },
      output_tokens: 20,
      output_tokens_details: { reasoning_tokens: 5 },
      total_tokens: 120,
    };
    const expected = {
      inputTokens: 100,
      cachedInputTokens: 10,
      outputTokens: 20,
      reasoningOutputTokens: 5,
      totalTokens: 120,
    };
    expect(decode(completed('r', { usage }))).toEqual([completedEvent('r', expected)]);
  });

  test('counts details that are missing as none', () => {
    const usage = { input_tokens: 1, input_tokens_details: null, output_tokens: 2, total_tokens: 3 };
    const expected = {
      inputTokens: 1,
      cachedInputTokens: 0,
      outputTokens: 2,
      reasoningOutputTokens: 0,
      totalTokens: 3,
    };
    expect(decode(completed('r', { usage }))).toEqual([completedEvent('r', expected)]);
  });

  test.each([
    { type: 'response.completed', response: {} },
    completed('r', { usage: { input_tokens: 'many' } }),
  ])('that cannot be read is a broken stream: %j', (event) => {
    const [signal] = decode(event);
    expect(signal).toMatchObject({
      type: 'failed',
      error: {
        kind: 'streamDisconnected',
        message: expect.stringMatching(
          /^stream disconnected before completion: failed to parse ResponseCompleted: ./u,
        ),
      },
    });
  });
});

describe('failed', () => {
  const failed = (error?: unknown): object => ({ type: 'response.failed', response: { id: 'r', error } });
  const FALLBACK = 'The model provider refused this request because it may involve a cybersecurity risk.';

  test.each([
    ['context_length_exceeded', 'too long\nfor this', 'contextWindowExceeded', /context window/u],
    ['insufficient_quota', 'pay', 'quotaExceeded', /^Quota exceeded/u],
    ['usage_not_included', 'no', 'usageNotIncluded', /plan does not include/u],
    ['cyber_policy', 'because', 'cyberPolicy', /^because$/u],
    ['invalid_prompt', 'bad prompt', 'invalidRequest', /^bad prompt$/u],
    ['server_is_overloaded', 'busy', 'serverOverloaded', /at capacity/u],
    ['slow_down', 'busy', 'serverOverloaded', /at capacity/u],
  ])('with the code %s is final', (code, message, kind, told) => {
    expect(decode(failed({ code, message }))).toEqual([
      { type: 'failed', error: bare(kind, expect.stringMatching(told) as unknown as string) },
    ]);
  });

  test.each([[' '], [undefined], [null]])('with a policy without words is told in ours: %j', (message) => {
    expect(decode(failed({ code: 'cyber_policy', message }))).toEqual([
      { type: 'failed', error: bare('cyberPolicy', FALLBACK) },
    ]);
  });

  test('with an invalid prompt without words', () => {
    expect(decode(failed({ code: 'invalid_prompt' }))).toEqual([
      { type: 'failed', error: bare('invalidRequest', 'Invalid request.') },
    ]);
  });

  test.each([
    ['Please try again in 11.054s. Visit', 11_054],
    ['Try again in 28ms.', 28],
    ['try again in1.898s', 1_898],
    ['Retry: TRY AGAIN IN 35 seconds', 35_000],
    ['try again in 1 second', 1_000],
    ['try again in 2 minutes', null],
    ['try again later', null],
  ])('by a rate limit that says %j', (message, retryAfterMs) => {
    expect(decode(failed({ code: 'rate_limit_exceeded', message }))).toEqual([
      disconnected(message, { retryAfterMs }),
    ]);
  });

  test('by anything else asks for no delay', () => {
    const message = 'try again in 5s';
    expect(decode(failed({ code: 'server_error', message }))).toEqual([disconnected(message)]);
    expect(decode(failed({ message }))).toEqual([disconnected(message)]);
    expect(decode(failed({}))).toEqual([disconnected('')]);
  });

  test.each([[undefined], [null], ['text']])('without an error object: %j', (error) => {
    expect(decode(failed(error))).toEqual([disconnected('response.failed event received')]);
  });

  test.each([
    [{ incomplete_details: { reason: 'content_filter' } }, 'content_filter'],
    [{ incomplete_details: null }, 'unknown'],
    [undefined, 'unknown'],
  ])('incomplete: %j', (response, reason) => {
    expect(decode({ type: 'response.incomplete', response })).toEqual([
      disconnected(`Incomplete response returned, reason: ${reason}`),
    ]);
  });

  test.each([
    { type: 'error', error: { code: 'insufficient_quota', message: 'pay' } },
    { type: 'error', code: 'insufficient_quota', message: 'pay' },
  ])('an error that is told ends nothing by itself: %j', (event) => {
    expect(decode(event)).toMatchObject([{ type: 'errorTold', error: { kind: 'quotaExceeded' } }]);
  });

  test('an error that says nothing is nothing', () => {
    expect(decode({ type: 'error' })).toEqual([
      { type: 'other', eventType: 'error', event: { type: 'error' } },
    ]);
  });
});

describe('the model of the server', () => {
  const created = (response: object, extra: object = {}): object => ({
    type: 'response.created',
    response,
    ...extra,
  });
  const CREATED = { type: 'created', responseId: null };

  test('is not the model of the response', () => {
    expect(decode(created({ model: 'other' }))).toEqual([CREATED]);
  });

  test('is told once, before the event, and again when it changes', () => {
    const named = (model: string): object => created({ headers: { 'OpenAI-Model': model } });
    expect(decode(named('a'), named('a'), named('b'))).toEqual([
      { type: 'serverModel', model: 'a' },
      CREATED,
      CREATED,
      { type: 'serverModel', model: 'b' },
      CREATED,
    ]);
  });

  test.each([
    [{ headers: { 'x-openai-model': ['a', 'b'] } }, {}, 'a'],
    [{ headers: { 'openai-model': 'a' } }, { headers: { 'openai-model': 'b' } }, 'a'],
    [{ headers: { 'openai-model': 7 } }, { headers: { 'OPENAI-MODEL': 'b' } }, 'b'],
  ])('of %j and %j', (response, extra, model) => {
    expect(decode(created(response, extra))).toEqual([{ type: 'serverModel', model }, CREATED]);
  });

  test('may be told by any event', () => {
    const event = { type: 'response.in_progress', headers: { 'openai-model': 'a' } };
    expect(decode(event)).toEqual([
      { type: 'serverModel', model: 'a' },
      { type: 'other', eventType: 'response.in_progress', event },
    ]);
  });
});

describe('a verification', () => {
  const metadata = (told: unknown): object => ({
    type: 'response.metadata',
    metadata: { openai_verification_recommendation: told },
  });

  test('that is known is told once', () => {
    const known = 'trusted_access_for_cyber';
    expect(decode(metadata([known, 'unheard', known]))).toEqual([
      { type: 'modelVerification', verifications: [known] },
    ]);
  });

  test.each([[['unheard']], [[]], ['trusted_access_for_cyber'], [undefined]])('of %j is none', (told) => {
    const event = metadata(told);
    expect(decode(event)).toEqual([{ type: 'other', eventType: 'response.metadata', event }]);
  });
});

describe('whatever comes', () => {
  const TYPES = [
    'response.created',
    'response.output_item.added',
    'response.output_item.done',
    'response.output_text.delta',
    'response.custom_tool_call_input.delta',
    'response.reasoning_summary_text.delta',
    'response.reasoning_text.delta',
    'response.reasoning_summary_part.added',
    'response.completed',
    'response.failed',
    'response.incomplete',
    'response.metadata',
    'codex.rate_limits',
    'error',
  ];
  const MEMBERS = [
    'headers',
    'metadata',
    'response',
    'item',
    'item_id',
    'call_id',
    'delta',
    'summary_index',
    'error',
  ];
  const json = fc.json({ stringUnit: 'binary' }).map((text): unknown => JSON.parse(text));
  const event = fc
    .tuple(fc.constantFrom(...TYPES), fc.dictionary(fc.constantFrom(...MEMBERS), json))
    .map(([type, members]) => ({ ...members, type }));

  test('an event of a known type is decoded or left out', () => {
    fc.assert(fc.property(event, (value) => void decode(value)));
  });

  test('a text that is no JSON object is none', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.json()), (text) => {
        const value = parseObject(text);
        if (value !== null) void decode(value);
      }),
    );
  });

  test.each(['', '[]', 'null', '1', '"a"', '{', '{"type":'])('%j is no event', (text) => {
    expect(parseObject(text)).toBeNull();
  });
});
