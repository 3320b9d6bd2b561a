import { describe, expect, test } from 'vitest';
import { requestSettings } from '../../src/responses/request/body.ts';
import { ConnectionMemory } from '../../src/responses/websocket/incremental.ts';
import type { FullRequest } from '../../src/responses/websocket/incremental.ts';
import type { MessageItem, ResponseItem, ResponsesRequest } from '../../src/responses/index.ts';
import { INSTALLATION, request, THREAD, userMessage } from './support/session.ts';

const identity = { threadId: THREAD, installationId: INSTALLATION };

function full(input: readonly ResponseItem[], changes: Partial<ResponsesRequest> = {}): FullRequest {
  return { settings: requestSettings(request(changes), { identity, isAzure: false }), input };
}

const assistant = (text: string, id: string): MessageItem => ({
  type: 'message',
  id,
  role: 'assistant',
  content: [{ type: 'output_text', text }],
});

const ONE = userMessage('one');
const ANSWER = assistant('answer', 'm1');
const TWO = userMessage('two');

/** A connection whose first request was answered. */
function answered(): ConnectionMemory {
  const memory = new ConnectionMemory();
  memory.next(full([ONE]));
  memory.keepResponse('resp_1', [ANSWER]);
  return memory;
}

describe('a request', () => {
  test('is sent whole at first', () => {
    expect(new ConnectionMemory().next(full([ONE]))).toEqual({ previousResponseId: null, input: [ONE] });
  });

  test('that goes on sends what is new', () => {
    const again = structuredClone([ONE, ANSWER, TWO]);
    expect(answered().next(full(again))).toEqual({ previousResponseId: 'resp_1', input: [TWO] });
  });

  test('may have nothing new', () => {
    expect(answered().next(full([ONE, ANSWER]))).toEqual({ previousResponseId: 'resp_1', input: [] });
  });

  test.each<[string, FullRequest]>([
    ['is shorter', full([ONE])],
    ['has another beginning', full([TWO, ANSWER, TWO])],
    ['has another answer', full([ONE, assistant('other', 'm1'), TWO])],
    ['has an answer with another id', full([ONE, assistant('answer', 'm2'), TWO])],
    ['has an answer of another phase', full([ONE, { ...ANSWER, phase: 'commentary' }, TWO])],
    ['has other instructions', full([ONE, ANSWER, TWO], { instructions: 'Be long.' })],
    ['has another tier', full([ONE, ANSWER, TWO], { serviceTier: 'fast' })],
    ['has other tools', full([ONE, ANSWER, TWO], { tools: [{ type: 'web_search' }] })],
  ])('that %s is sent whole', (_what, next) => {
    expect(answered().next(next)).toEqual({ previousResponseId: null, input: next.input });
  });

  test('can go on from a response once', () => {
    const memory = answered();
    memory.next(full([TWO]));
    expect(memory.next(full([TWO, ONE]))).toEqual({ previousResponseId: null, input: [TWO, ONE] });
  });

  test('goes on from the last request as it would have been sent whole', () => {
    const memory = answered();
    memory.next(full([ONE, ANSWER, TWO]));
    const second = assistant('second', 'm2');
    memory.keepResponse('resp_2', [second]);
    expect(memory.next(full([ONE, ANSWER, TWO, second, ONE]))).toEqual({
      previousResponseId: 'resp_2',
      input: [ONE],
    });
  });

  test('cannot go on from a response without id', () => {
    const memory = new ConnectionMemory();
    memory.next(full([ONE]));
    memory.keepResponse('', []);
    expect(memory.next(full([ONE, TWO]))).toEqual({ previousResponseId: null, input: [ONE, TWO] });
  });
});
