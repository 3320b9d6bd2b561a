import { expect, test } from 'vitest';
import { Lock } from '../../src/responses/websocket/lock.ts';

const never = new AbortController().signal;

test('lets one through at a time, in order', async () => {
  const lock = new Lock();
  const order: string[] = [];
  const first = await lock.acquire(never);
  const others = ['b', 'c'].map(async (name) => {
    const release = await lock.acquire(never);
    order.push(name);
    release();
  });
  order.push('a');
  first();
  await Promise.all(others);
  expect(order).toEqual(['a', 'b', 'c']);
});

test('one that gives up lets the next through only when it is its turn', async () => {
  const lock = new Lock();
  const order: string[] = [];
  const first = await lock.acquire(never);
  const abort = new AbortController();
  const second = lock.acquire(abort.signal);
  const third = lock.acquire(never).then((release) => {
    order.push('third');
    release();
  });
  abort.abort();
  await expect(second).rejects.toMatchObject({ kind: 'aborted' });
  order.push('first');
  first();
  await third;
  expect(order).toEqual(['first', 'third']);
});

test('is not taken by one that has given up already', async () => {
  const lock = new Lock();
  await expect(lock.acquire(AbortSignal.abort())).rejects.toMatchObject({ kind: 'aborted' });
  const release = await lock.acquire(never);
  release();
});
