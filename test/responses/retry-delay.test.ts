import { describe, expect, test } from 'vitest';
import { ResponsesError } from '../../src/responses/index.ts';
import { openSession } from './support/session.ts';
import { TestClock } from './support/test-clock.ts';

describe('the wait before a retry', () => {
  test.each([
    [1, 0, 180],
    [1, 0.5, 200],
    [2, 0.5, 400],
    [5, 0.999_999, 3_519],
    [10, 0.5, 60_000],
    [100, 0.5, 60_000],
  ])('number %d, by chance %d', (retry, random, expected) => {
    expect(openSession('', { random: () => random }).streamRetryDelayMs(retry, new Error('any'))).toBe(
      expected,
    );
  });

  test.each([
    [28, 28],
    [35_000, 35_000],
    [3_600_000, 60_000],
  ])('is what the provider asks for, within a minute: %d', (retryAfterMs, expected) => {
    const error = new ResponsesError('streamDisconnected', '', { retryAfterMs });
    expect(openSession('').streamRetryDelayMs(3, error)).toBe(expected);
  });

  test('is kept', async () => {
    const clock = new TestClock();
    const waiting = openSession('', { clock }).waitBeforeRetry(
      2,
      new Error('any'),
      new AbortController().signal,
    );
    await clock.expire(400);
    await expect(waiting).resolves.toBeUndefined();
  });

  test('ends when it is aborted, and with the session', async () => {
    const clock = new TestClock();
    const abort = new AbortController();
    const session = openSession('', { clock });
    const first = session.waitBeforeRetry(1, null, abort.signal);
    const second = session.waitBeforeRetry(1, null, new AbortController().signal);
    abort.abort();
    await expect(first).rejects.toMatchObject({ kind: 'aborted' });
    session.close();
    await expect(second).rejects.toMatchObject({ kind: 'aborted' });
    expect(clock.pending).toEqual([]);
  });
});
