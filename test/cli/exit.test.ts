import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { TestDaemon } from '../support/daemon.ts';

/** A daemon some of whose threads for files hang, as on a disk that does not answer. */
function hangingDaemon(threads: number): TestDaemon {
  const folder = mkdtempSync(join(tmpdir(), 'parley-exit-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const pipe = join(folder, 'pipe');
  const hook = join(folder, 'hook.cjs');
  execFileSync('mkfifo', [pipe]);
  // Opening a pipe waits for somebody who writes into it.
  const open = `require('node:fs').open(${JSON.stringify(pipe)}, () => {});\n`;
  writeFileSync(hook, open.repeat(threads));
  return new TestDaemon({ env: { NODE_OPTIONS: `--require=${hook}` } });
}

describe.skipIf(process.platform === 'win32')('a process whose threads hang', () => {
  it.each([1, 4])('is over all the same, after a while: %d threads', async (threads) => {
    const daemon = hangingDaemon(threads);
    expect((await daemon.call('thread/loaded/list', {})).error?.message).toBe('Not initialized');
    daemon.process.stdin.end();
    expect(await daemon.exited).toEqual({ code: null, signal: 'SIGKILL' });
  });

  it('is over at the second signal', async () => {
    const daemon = hangingDaemon(1);
    await daemon.call('thread/loaded/list', {});
    daemon.process.kill('SIGTERM');
    daemon.process.kill('SIGINT');
    expect(await daemon.exited).toEqual({ code: null, signal: 'SIGKILL' });
  });
});
