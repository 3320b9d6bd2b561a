import { describe, expect, it } from 'vitest';
import { ExecSessions } from '../../src/exec/index.ts';
import type {
  ExecSession,
  SessionOutcome,
  SessionOutput,
  SessionStart,
  TerminalModule,
} from '../../src/exec/index.ts';
import { loadTerminalModule } from '../../src/exec/terminal.ts';
import { ENV, processesWith, testGroups } from './support.ts';

/** Null where there is no build of the package for this machine. */
const terminal = await loadTerminalModule();

const noTerminal = (): Promise<null> => Promise.resolve(null);

function start(script: string, more: Partial<SessionStart> = {}): SessionStart {
  return { argv: ['sh', '-c', script], cwd: '/', env: ENV, tty: false, callId: 'call', ...more };
}

function started(outcome: SessionOutcome): ExecSession {
  if (outcome.kind !== 'started') throw new Error(outcome.message);
  return outcome.session;
}

/** Reads until a text has come or the session has ended. */
async function readUntil(session: ExecSession, text: string): Promise<string> {
  let all = '';
  while (!all.includes(text)) {
    const { text: piece, exit }: SessionOutput = await session.read(50);
    all += piece;
    if (exit !== null) break;
  }
  return all;
}

describe('ExecSessions', () => {
  it('talk with a command', async () => {
    const sessions = new ExecSessions({ groups: testGroups(), loadTerminal: noTerminal });
    const script = 'while read line; do echo "got $line"; done; echo end';
    const session = started(await sessions.start(start(script, { tty: true })));
    expect(session.isTerminal).toBe(false);
    expect(session.write('one\n')).toEqual({ kind: 'written' });
    expect(await readUntil(session, 'one\n')).toBe('got one\n');
    session.write('two\n');
    expect(await readUntil(session, 'two\n')).toBe('got two\n');
    expect(session.aggregated).toEqual({ text: 'got one\ngot two\n', truncatedBytes: 0, lines: 2 });
    expect(sessions.get(session.id)).toBe(session);
  });

  it('have no input without a terminal: a command that reads it goes on at once', async () => {
    const sessions = new ExecSessions({ groups: testGroups() });
    const session = started(await sessions.start(start('cat; echo over; sleep 600')));
    expect(await readUntil(session, 'over')).toBe('over\n');
    expect(session.write('more')).toEqual({
      kind: 'closed',
      message: 'the session has no input; start the command again with `tty` to write to it',
    });
  });

  it('give the end of a command at once', async () => {
    const sessions = new ExecSessions({ groups: testGroups() });
    const pieces: string[] = [];
    const session = started(
      await sessions.start(
        start('echo out; echo err >&2; exit 5', { onOutput: (text) => pieces.push(text) }),
      ),
    );
    expect(await session.read(600_000)).toEqual({
      text: expect.stringMatching(/^(?:out\nerr|err\nout)\n$/u),
      truncatedBytes: 0,
      lines: 2,
      durationMs: expect.any(Number),
      exit: { exitCode: 5, signal: null, durationMs: expect.any(Number) },
    });
    expect(pieces.join('')).toBe(session.aggregated.text);
    expect(session.write('more')).toEqual({ kind: 'closed', message: 'the process has ended' });
    expect(await session.read(600_000)).toMatchObject({ text: '', exit: { exitCode: 5 } });
  });

  it('stop reading when the signal aborts, and end a command when told so', async () => {
    const groups = testGroups();
    const sessions = new ExecSessions({ groups });
    const session = started(await sessions.start(start('sleep 600 & sleep 600')));
    const controller = new AbortController();
    const reading = session.read(600_000, controller.signal);
    controller.abort();
    expect(await reading).toMatchObject({ text: '', exit: null });
    await session.end();
    expect(await session.read(600_000)).toMatchObject({ exit: { exitCode: 143, signal: 'SIGTERM' } });
    expect(processesWith(groups.runId)).toEqual([]);
  });

  it('bound what was not read, and what was not taken', async () => {
    const sessions = new ExecSessions({ groups: testGroups(), loadTerminal: noTerminal });
    const options = { keptBytes: 100, tty: true };
    const session = started(await sessions.start(start('seq 1 100000; sleep 600', options)));
    while (!session.aggregated.text.includes('100000\n')) await session.read(20);
    expect(Buffer.byteLength(session.aggregated.text)).toBeLessThan(200);
    expect(session.aggregated.lines).toBe(100_000);
    expect(session.write('x'.repeat(2_000_000))).toEqual({
      kind: 'closed',
      message: 'the process does not read its input',
    });
  });

  it('are bounded: the one that ended first makes room, running ones do not', async () => {
    const sessions = new ExecSessions({ groups: testGroups(), limit: 2 });
    const running = started(await sessions.start(start('sleep 600')));
    const over = started(await sessions.start(start('true')));
    await over.read(600_000);
    const next = started(await sessions.start(start('sleep 600')));
    expect([sessions.get(running.id), sessions.get(over.id), sessions.get(next.id)]).toEqual([
      running,
      null,
      next,
    ]);
    expect(await sessions.start(start('true'))).toEqual({
      kind: 'full',
      message: '2 commands are running already; one of them has to end first',
    });
    await sessions.endAll();
    expect(sessions.size).toBe(0);
  });

  it('keep no place for what could not be started', async () => {
    const sessions = new ExecSessions({ groups: testGroups() });
    const outcome = await sessions.start({
      argv: ['parley-no-such-program'],
      cwd: '/',
      env: ENV,
      tty: false,
      callId: 'call',
    });
    expect(outcome).toMatchObject({ kind: 'notStarted', code: 'ENOENT' });
    expect(sessions.size).toBe(0);
  });

  it('use pipes where there is no terminal to be had, and say so', async () => {
    const sessions = new ExecSessions({ groups: testGroups(), loadTerminal: noTerminal });
    const session = started(await sessions.start(start('test -t 0 || echo no', { tty: true })));
    expect(session.isTerminal).toBe(false);
    expect((await session.read(600_000)).text).toBe('no\n');
  });

  it('pass an unusual end of a terminal on, and what it cannot be written', async () => {
    let end: (exit: { exitCode: number; signal?: number }) => void = () => {};
    const written: string[] = [];
    const module: TerminalModule = {
      spawn: () => ({
        pid: 2 ** 30,
        onData: () => {},
        onExit: (listener) => (end = listener),
        write: (text) => written.push(text),
      }),
    };
    const sessions = new ExecSessions({ groups: testGroups(), loadTerminal: () => Promise.resolve(module) });
    const session = started(await sessions.start(start('cat', { tty: true })));
    expect(session.write('x'.repeat(2_000_000))).toEqual({
      kind: 'closed',
      message: 'the process does not read its input',
    });
    expect(session.write('hello')).toEqual({ kind: 'written' });
    expect(written).toEqual(['hello']);
    end({ exitCode: 0, signal: 2 });
    expect(await session.read(600_000)).toMatchObject({ exit: { exitCode: 130, signal: 'SIGINT' } });
  });
});

describe.runIf(terminal !== null)('ExecSessions behind a terminal', () => {
  it('talk with a command that sees a terminal, and interrupt it by its key', async () => {
    const sessions = new ExecSessions({ groups: testGroups() });
    const session = started(
      await sessions.start(
        start('test -t 0 && test -t 1 && stty size && read line && echo "got $line"; cat', { tty: true }),
      ),
    );
    expect(session.isTerminal).toBe(true);
    expect(await readUntil(session, '30 120')).toBe('30 120\r\n');
    session.write('hello\n');
    expect(await readUntil(session, 'got hello')).toContain('got hello\r\n');
    session.write('\u0003');
    expect(await session.read(600_000)).toMatchObject({ exit: { exitCode: 130, signal: 'SIGINT' } });
  });

  it('give the exit code and all output of a command that ends by itself', async () => {
    const sessions = new ExecSessions({ groups: testGroups() });
    const session = started(await sessions.start(start('seq 1 20000; exit 7', { tty: true })));
    expect(await session.read(600_000)).toMatchObject({ exit: { exitCode: 7, signal: null } });
    expect(session.aggregated).toEqual({
      text: Array.from({ length: 20_000 }, (_, index) => `${index + 1}\r\n`).join(''),
      truncatedBytes: 0,
      lines: 20_000,
    });
  });

  it('end a command that ignores signals, with what it has started', async () => {
    const groups = testGroups();
    const sessions = new ExecSessions({ groups });
    const session = started(
      await sessions.start(
        start("trap '' TERM HUP INT; sleep 600 & echo ready; while :; do sleep 1; done", { tty: true }),
      ),
    );
    await readUntil(session, 'ready');
    await session.end();
    expect(await session.read(600_000)).toMatchObject({ exit: { signal: 'SIGKILL' } });
    expect(processesWith(groups.runId)).toEqual([]);
  });

  it('pass all of a long input on, as the process reads it', async () => {
    const sessions = new ExecSessions({ groups: testGroups() });
    const script = 'stty raw -echo; echo ready; sleep 0.2; head -c 200000 | wc -c';
    const session = started(await sessions.start(start(script, { tty: true })));
    await readUntil(session, 'ready');
    for (let count = 0; count < 20; count += 1) {
      expect(session.write('x'.repeat(10_000))).toEqual({ kind: 'written' });
    }
    expect(await session.read(600_000)).toMatchObject({
      text: expect.stringContaining('200000'),
      exit: { exitCode: 0 },
    });
  });

  it('hold nobody up where the process reads nothing, and end with it', async () => {
    const sessions = new ExecSessions({ groups: testGroups() });
    const session = started(
      await sessions.start(start('stty raw -echo; echo ready; sleep 600', { tty: true })),
    );
    await readUntil(session, 'ready');
    expect(session.write('x'.repeat(1_000_000))).toEqual({ kind: 'written' });
    expect(session.write('x'.repeat(1_000_000))).toEqual({
      kind: 'closed',
      message: 'the process does not read its input',
    });
    await session.end();
    expect(await session.read(600_000)).toMatchObject({ exit: { exitCode: expect.any(Number) } });
  });

  it('end with the command, though something that it has started holds the terminal', async () => {
    const sessions = new ExecSessions({ groups: testGroups() });
    const session = started(await sessions.start(start("trap '' HUP; sleep 600 & echo over", { tty: true })));
    expect(await session.read(600_000)).toMatchObject({ text: 'over\r\n', exit: { exitCode: 0 } });
  });

  it('say why a program cannot be started', async () => {
    const sessions = new ExecSessions({ groups: testGroups() });
    const outcome = await sessions.start({
      argv: ['parley-no-such-program'],
      cwd: '/',
      env: ENV,
      tty: true,
      callId: 'call',
    });
    expect(await started(outcome).read(600_000)).toMatchObject({
      text: 'execvp(3) failed.: No such file or directory\r\n',
      exit: { exitCode: 1 },
    });
  });
});
