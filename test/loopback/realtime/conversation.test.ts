import { expect, test } from 'vitest';
import { Conversation } from '../../../src/loopback/realtime/v2/conversation.ts';
import type { ConversationEntry } from '../../../src/loopback/realtime/v2/conversation.ts';

function entry(id: string, bytes = 10): ConversationEntry {
  const item = { id, type: 'message', role: 'user', content: [{ type: 'input_text', text: id }] } as const;
  return {
    id,
    item: { ...item, content: [...item.content] },
    audio: null,
    facts: null,
    audioMs: null,
    bytes,
  };
}

function held(conversation: Conversation, ids: readonly string[]): string[] {
  return ids.filter((id) => conversation.find(id) !== null);
}

test('tells behind which item each one was put', () => {
  const conversation = new Conversation();
  expect(conversation.insert(entry('a'))).toBeNull();
  expect(conversation.insert(entry('b'))).toBe('a');
  expect(conversation.insert(entry('c'), 'a')).toBe('a');
  expect(conversation.insert(entry('d'), null)).toBeNull();
  expect(conversation.lastId).toBe('b');
  conversation.remove('b');
  expect([conversation.lastId, conversation.remove('b')]).toEqual(['c', false]);
});

test('finds what came after a call', () => {
  const conversation = new Conversation();
  const call = { id: 'call', type: 'function_call', call_id: 'call_1', name: 'f', arguments: '{}' } as const;
  conversation.insert(entry('before'));
  conversation.insert({ ...entry('call'), item: call });
  conversation.insert(entry('after'));
  expect(conversation.itemsAfterCall('call_1')?.map(({ id }) => id)).toEqual(['after']);
  expect(conversation.itemsAfterCall('call_2')).toBeNull();
});

test('forgets the oldest items when there are too many', () => {
  const conversation = new Conversation({ entries: 2, bytes: 1_000 });
  for (const id of ['a', 'b', 'c']) conversation.insert(entry(id));
  expect(held(conversation, ['a', 'b', 'c'])).toEqual(['b', 'c']);
});

test('forgets the oldest items when they are too large, but never the newest', () => {
  const conversation = new Conversation({ entries: 10, bytes: 100 });
  for (const id of ['a', 'b', 'c']) conversation.insert(entry(id, 40));
  expect(held(conversation, ['a', 'b', 'c'])).toEqual(['b', 'c']);
  conversation.insert(entry('d', 500));
  expect(held(conversation, ['a', 'b', 'c', 'd'])).toEqual(['d']);
});
