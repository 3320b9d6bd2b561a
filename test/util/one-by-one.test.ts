import { expect, it } from 'vitest';
import { deferred } from '../../src/util/deferred.ts';
import { OneByOne } from '../../src/util/one-by-one.ts';

it('tasks run one after the other, also behind one that fails', async () => {
  const tasks = new OneByOne(10);
  const first = deferred<string>();
  const begun: number[] = [];
  const run = async (number: number, result: Promise<string>) =>
    tasks.run(() => {
      begun.push(number);
      return result;
    });
  const results = [
    run(1, first.promise),
    run(2, Promise.reject(new Error('no'))),
    run(3, Promise.resolve('three')),
  ];
  const settled = Promise.allSettled(results);
  await Promise.resolve();
  expect(begun).toEqual([1]);
  first.resolve('one');
  expect((await settled).map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
  expect(begun).toEqual([1, 2, 3]);
});

it('a task too many is not taken, until there is room again', async () => {
  const tasks = new OneByOne(2);
  const first = deferred<string>();
  const one = tasks.run(() => first.promise);
  const two = tasks.run(() => Promise.resolve('two'));
  expect(tasks.run(() => Promise.resolve('three'))).toBeNull();
  first.resolve('one');
  expect([await one, await two]).toEqual(['one', 'two']);
  expect(await tasks.run(() => Promise.resolve('four'))).toBe('four');
});
