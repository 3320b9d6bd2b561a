import { expect, it } from 'vitest';
import { abortable } from '../../src/util/abortable.ts';
import { deferred } from '../../src/util/deferred.ts';

it('gives what the promise gives', async () => {
  const { signal } = new AbortController();
  expect(await abortable(Promise.resolve(1), signal)).toBe(1);
  await expect(abortable(Promise.reject(new Error('no')), signal)).rejects.toThrow('no');
});

it('rejects with the reason of the signal, and hears nothing of what comes later', async () => {
  const controller = new AbortController();
  const late = deferred<number>();
  const result = abortable(late.promise, controller.signal);
  controller.abort(new Error('over'));
  await expect(result).rejects.toThrow('over');
  late.reject(new Error('unheard'));
  await expect(abortable(Promise.resolve(1), controller.signal)).rejects.toThrow('over');
});
