import { describe, expect, it } from 'vitest';
import { SharedRun } from '../../src/exec/shared-run.ts';
import type { Deferred } from '../../src/util/deferred.ts';
import { deferred } from '../../src/util/deferred.ts';

function counted(): { readonly shared: SharedRun<number>; readonly runs: Deferred<number>[] } {
  const runs: Deferred<number>[] = [];
  const shared = new SharedRun(() => {
    const run = deferred<number>();
    runs.push(run);
    return run.promise;
  });
  return { shared, runs };
}

describe('SharedRun', () => {
  it('gives those who ask during a run the result of one that begins after it', async () => {
    const { runs, shared } = counted();
    const first = shared.run();
    const [second, third] = [shared.run(), shared.run()];
    expect(runs).toHaveLength(1);
    runs[0]?.resolve(1);
    expect(await first).toBe(1);
    expect(runs).toHaveLength(2);
    const late = shared.run();
    runs[1]?.resolve(2);
    expect(await Promise.all([second, third])).toEqual([2, 2]);
    expect(runs).toHaveLength(3);
    runs[2]?.resolve(3);
    expect(await late).toBe(3);
  });

  it('goes on after a run that failed', async () => {
    const { runs, shared } = counted();
    const [first, second] = [shared.run(), shared.run()];
    runs[0]?.reject(new Error('no'));
    await expect(first).rejects.toThrow('no');
    await Promise.resolve();
    runs[1]?.resolve(2);
    expect(await second).toBe(2);
  });
});
