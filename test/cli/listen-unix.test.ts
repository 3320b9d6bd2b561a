import { spawn } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { TestDaemon } from '../support/daemon.ts';
import { listeningDaemon, SocketClient } from '../support/socket-client.ts';

function newFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'parley-unix-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

const modeOf = (path: string): string => (statSync(path).mode & 0o777).toString(8);

async function failureOf(path: string): Promise<string> {
  const daemon = new TestDaemon({ args: ['app-server', '--listen', `unix://${path}`] });
  const closed = new Promise((resolve) => daemon.process.once('close', resolve));
  expect(await daemon.exited).toEqual({ code: 1, signal: null });
  await closed;
  return daemon.stderr;
}

/** Leaves a socket behind that nobody listens on, as a process does that is killed. */
async function leaveSocket(path: string): Promise<void> {
  const source = `require('node:net').createServer().listen(${JSON.stringify(path)}, () => process.kill(process.pid, 'SIGKILL'))`;
  const child = spawn(process.execPath, ['-e', source]);
  await new Promise((resolve) => child.once('exit', resolve));
}

describe('a Unix socket', () => {
  it('is for its owner alone, and gone with the daemon', async () => {
    const { daemon, url } = await listeningDaemon({ listen: ['unix://'] });
    const folder = join(daemon.home, 'app-server-control');
    const path = join(folder, 'app-server-control.sock');
    expect(url).toBe(`unix://${path}`);
    expect([modeOf(folder), modeOf(path)]).toEqual(['700', '600']);
    const client = await SocketClient.open(`ws+${url}:/`, { origin: 'http://any' });
    const threadId = await client.startThread();
    expect(await client.request('thread/loaded/list', {})).toEqual({ data: [threadId], nextCursor: null });
    daemon.process.kill('SIGTERM');
    expect(await client.closed).toEqual({ code: 1001, reason: 'the server is shutting down' });
    expect(await daemon.exited).toEqual({ code: 0, signal: null });
    expect(existsSync(path)).toBe(false);
  });

  it('closes the usual folder to others, but leaves any other as it is', async () => {
    const home = newFolder();
    const usual = join(home, 'app-server-control');
    mkdirSync(usual);
    chmodSync(usual, 0o755);
    const other = newFolder();
    chmodSync(other, 0o755);
    const made = join(other, 'a', 'b');
    await listeningDaemon({
      home,
      listen: ['unix://', `unix://${other}/s.sock`, `unix://${made}/s.sock`],
    });
    expect([modeOf(usual), modeOf(other), modeOf(made)]).toEqual(['700', '755', '700']);
    for (const path of [join(other, 's.sock'), join(made, 's.sock')]) expect(modeOf(path)).toBe('600');
  });

  it('may have a path from the working directory', async () => {
    const cwd = newFolder();
    const { url } = await listeningDaemon({ cwd, listen: ['unix://here.sock'] });
    expect(url).toBe(`unix://${cwd}/here.sock`);
  });

  it('takes the place of one that nobody listens on', async () => {
    const path = join(newFolder(), 's.sock');
    await leaveSocket(path);
    expect(statSync(path).isSocket()).toBe(true);
    const { url } = await listeningDaemon({ listen: [`unix://${path}`] });
    await SocketClient.open(`ws+${url}:/`);
  });

  it('does not take the place of one that is in use', async () => {
    const path = join(newFolder(), 's.sock');
    const { url } = await listeningDaemon({ listen: [`unix://${path}`] });
    expect(await failureOf(path)).toBe(`parley: app-server control socket is already in use at ${path}\n`);
    await SocketClient.open(`ws+${url}:/`);
    const mute = join(newFolder(), 's.sock');
    const server = createServer(() => {}).listen(mute);
    onTestFinished(() => void server.close());
    await new Promise((resolve) => server.once('listening', resolve));
    expect(await failureOf(mute)).toBe(`parley: app-server control socket is already in use at ${mute}\n`);
  });

  it('does not take the place of anything else', async () => {
    const folder = newFolder();
    const path = join(folder, 'file');
    writeFileSync(path, 'mine');
    symlinkSync(path, join(folder, 'link'));
    for (const each of [path, join(folder, 'link'), folder]) {
      expect(await failureOf(each)).toBe(
        `parley: app-server control socket path exists and is not a socket: ${each}\n`,
      );
    }
    expect(readFileSync(path, 'utf8')).toBe('mine');
  });

  it('needs a path that is short enough, and a folder', async () => {
    const folder = newFolder();
    const long = join(folder, 'x'.repeat(107 - folder.length));
    expect(await failureOf(long)).toBe(
      `parley: the path of the socket is longer than 107 bytes, which is all a system takes: ${long}\n`,
    );
    writeFileSync(join(folder, 'file'), '');
    const below = join(folder, 'file', 's.sock');
    expect(await failureOf(below)).toContain(`parley: cannot make the socket ${below}: `);
  });

  it('has no pages', async () => {
    const { url } = await listeningDaemon({ listen: ['unix://'] });
    await expect(SocketClient.connect(`ws+${url}:/healthz`)).resolves.toBeDefined();
  });

  it.each(['SIGTERM', 'SIGINT'] as const)('is gone after a second %s as well', async (signal) => {
    const { daemon, url } = await listeningDaemon({ args: ['--loopback'], listen: ['unix://'] });
    const client = await SocketClient.open(`ws+${url}:/`);
    const threadId = await client.startThread();
    await client.request('turn/start', {
      threadId,
      input: [{ type: 'text', text: 'words '.repeat(2_000) }],
    });
    await client.waitForNotification('turn/started');
    daemon.process.kill(signal);
    // The daemon still serves: it has taken the first signal and waits for the turn.
    await client.request('thread/loaded/list', {});
    daemon.process.kill(signal);
    expect(await daemon.exited).toEqual({ code: 0, signal: null });
    expect(existsSync(url.slice('unix://'.length))).toBe(false);
  });
});
