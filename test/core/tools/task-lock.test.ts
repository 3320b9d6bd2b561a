import fc from 'fast-check';
import { expect, it } from 'vitest';
import { TaskLock } from '../../../src/core/tools/task-lock.ts';
import { deferred } from '../../../src/util/deferred.ts';

it('lets tasks run at the same time only where both may, and begins them in their order', async () => {
  await fc.assert(
    fc.asyncProperty(fc.scheduler(), fc.array(fc.boolean(), { maxLength: 12 }), async (scheduler, kinds) => {
      const lock = new TaskLock();
      const running = new Set<number>();
      const begun: number[] = [];
      const mixed: (boolean | undefined)[][] = [];
      const results = kinds.map((isShared, index) =>
        lock.run(isShared, async () => {
          begun.push(index);
          running.add(index);
          const together = [...running].map((each) => kinds[each]);
          if (together.length > 1 && together.includes(false)) mixed.push(together);
          await scheduler.schedule(Promise.resolve());
          running.delete(index);
          if (index % 3 === 2) throw new Error('failed');
          return index;
        }),
      );
      await scheduler.waitFor(Promise.allSettled(results));
      expect(mixed).toEqual([]);
      expect(begun).toEqual([...kinds.keys()]);
      const outcomes = await Promise.allSettled(results);
      expect(outcomes.map(({ status }) => status)).toEqual(
        kinds.map((_, index) => (index % 3 === 2 ? 'rejected' : 'fulfilled')),
      );
    }),
  );
});

it('lets no more run at the same time than there is room for', async () => {
  const lock = new TaskLock();
  let running = 0;
  const most: number[] = [];
  const gates = Array.from({ length: 40 }, () => deferred());
  const results = gates.map(({ promise }) =>
    lock.run(true, async () => {
      running += 1;
      most.push(running);
      await promise;
      running -= 1;
    }),
  );
  for (const { resolve } of gates) resolve();
  await Promise.all(results);
  expect(most).toHaveLength(40);
  expect(Math.max(...most)).toBe(16);
});
