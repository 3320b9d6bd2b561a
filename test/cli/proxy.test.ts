import { spawn } from 'node:child_process';
import type { ChildProcessWithoutNullStreams } from 'node:child_process';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { listeningDaemon } from '../support/socket-client.ts';

const PROGRAM = join(import.meta.dirname, '../../dist/cli/main.js');

function startProxy(
  args: readonly string[],
  env: Readonly<Record<string, string>>,
): ChildProcessWithoutNullStreams {
  const child = spawn(process.execPath, [PROGRAM, 'app-server', 'proxy', ...args], {
    env: { ...process.env, ...env },
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  return child;
}

async function outcome(
  child: ChildProcessWithoutNullStreams,
): Promise<{ code: number | null; stderr: string }> {
  let stderr = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  const code = await new Promise<number | null>((resolve) => child.once('close', resolve));
  return { code, stderr };
}

const HANDSHAKE = [
  'GET / HTTP/1.1',
  'Host: localhost',
  'Connection: Upgrade',
  'Upgrade: websocket',
  'Sec-WebSocket-Version: 13',
  'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==',
  '\r\n',
].join('\r\n');

describe('the proxy', () => {
  it.each(['usual', 'named'])(
    'copies bytes to and from the %s socket, until standard input ends',
    async (kind) => {
      const { daemon } = await listeningDaemon({ listen: ['unix://'] });
      const path = join(daemon.home, 'app-server-control', 'app-server-control.sock');
      const child = startProxy(kind === 'usual' ? [] : ['--sock', path], { CODEX_HOME: daemon.home });
      const ended = outcome(child);
      let received = '';
      const answered = new Promise<void>((resolve) => {
        child.stdout.setEncoding('utf8').on('data', (text: string) => {
          received += text;
          if (received.includes('\r\n\r\n')) resolve();
        });
      });
      child.stdin.write(HANDSHAKE);
      await answered;
      expect(received).toMatch(/^HTTP\/1\.1 101 /);
      expect(received).toContain('s3pPLMBiTxaQ9kYGzzhZRbK+xOo=');
      child.stdin.end();
      expect(await ended).toEqual({ code: 0, stderr: '' });
    },
  );

  it('ends with the daemon', async () => {
    const { daemon } = await listeningDaemon({ listen: ['unix://'] });
    const child = startProxy([], { CODEX_HOME: daemon.home });
    const ended = outcome(child);
    const answered = new Promise((resolve) => child.stdout.once('data', resolve));
    child.stdin.write(HANDSHAKE);
    await answered;
    daemon.process.kill('SIGTERM');
    expect(await ended).toEqual({ code: 0, stderr: '' });
  });

  it('says so where nobody listens', async () => {
    const ended = outcome(startProxy(['--sock', '/no/such.sock'], {}));
    expect(await ended).toEqual({
      code: 1,
      stderr: 'the control socket /no/such.sock cannot be used (ENOENT)\n',
    });
  });
});
