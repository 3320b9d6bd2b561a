import { expect, it } from 'vitest';
import { deferred } from '../../src/util/deferred.ts';

it('is settled from outside, once', async () => {
  const resolved = deferred<number>();
  resolved.resolve(1);
  resolved.resolve(2);
  resolved.reject(new Error('too late'));
  expect(await resolved.promise).toBe(1);

  const rejected = deferred();
  rejected.reject(new Error('no'));
  rejected.resolve();
  await expect(rejected.promise).rejects.toEqual(new Error('no'));
});

it('is pending until then', async () => {
  const { promise } = deferred();
  await new Promise(setImmediate);
  expect(await Promise.race([promise, Promise.resolve('pending')])).toBe('pending');
});
