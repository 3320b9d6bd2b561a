import { expect, test } from 'vitest';
import { ResponseStore } from '../../../src/loopback/responses/store.ts';

function memory(bytes: number): { items: never[]; bytes: number } {
  return { items: [], bytes };
}

test('forgets the oldest response when there are too many', () => {
  const store = new ResponseStore({ count: 2, bytes: 1_000 });
  for (const id of ['a', 'b', 'c']) store.remember(id, memory(10));
  expect(['a', 'b', 'c'].map((id) => store.find(id) !== null)).toEqual([false, true, true]);
});

test('forgets the oldest responses when they are too large', () => {
  const store = new ResponseStore({ count: 10, bytes: 100 });
  for (const id of ['a', 'b', 'c']) store.remember(id, memory(40));
  expect(['a', 'b', 'c'].map((id) => store.find(id) !== null)).toEqual([false, true, true]);
  store.remember('d', memory(101));
  expect(['b', 'c', 'd'].map((id) => store.find(id) !== null)).toEqual([false, false, false]);
});
