import { expect, it } from 'vitest';
import { TestDaemon } from '../support/daemon.ts';

it('a client that does not read the log holds nothing up, and neither does one that reads it late', async () => {
  const daemon = await TestDaemon.open();
  daemon.process.stderr.pause();
  daemon.raw('nonsense\n'.repeat(20_000));
  const refused = await daemon.until('an answer to each line', () => {
    const answers = daemon.messages.filter(({ error }) => error?.code === -32700);
    return answers.length === 20_000 ? answers.length : undefined;
  });
  expect(refused).toBe(20_000);
  expect(await daemon.request('thread/loaded/list', {})).toEqual({ data: [], nextCursor: null });
  daemon.process.kill('SIGTERM');
  expect(await daemon.exited).toEqual({ code: 0, signal: null });
});
