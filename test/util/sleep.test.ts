import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { sleep } from '../../src/util/sleep.ts';

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
});

afterEach(() => {
  vi.useRealTimers();
});

/** Whether a promise is settled, looked at after everything that is due has run. */
function settled(promise: Promise<void>): { state: 'waiting' | 'over' } {
  const seen: { state: 'waiting' | 'over' } = { state: 'waiting' };
  void promise.then(() => (seen.state = 'over'));
  return seen;
}

describe('sleep', () => {
  test('waits as long as it is told, and leaves the signal alone', async () => {
    const { signal } = new AbortController();
    const removed = vi.spyOn(signal, 'removeEventListener');
    const waiting = settled(sleep(100, signal));
    await vi.advanceTimersByTimeAsync(99);
    expect(waiting.state).toBe('waiting');
    await vi.advanceTimersByTimeAsync(1);
    expect(waiting.state).toBe('over');
    expect(removed).toHaveBeenCalledWith('abort', expect.any(Function));
  });

  test('rejects with the reason as soon as the signal aborts, and leaves no timer', async () => {
    const abort = new AbortController();
    const waiting = sleep(100, abort.signal);
    const reason = new Error('enough');
    abort.abort(reason);
    await expect(waiting).rejects.toBe(reason);
    expect(vi.getTimerCount()).toBe(0);
  });

  test('does not begin where the signal has aborted', async () => {
    const reason = new Error('enough');
    await expect(sleep(100, AbortSignal.abort(reason))).rejects.toBe(reason);
    expect(vi.getTimerCount()).toBe(0);
  });
});
