import { execFileSync } from 'node:child_process';
import { chmodSync, existsSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { TestDaemon } from '../support/daemon.ts';
import type { WireMessage } from '../support/daemon.ts';
import {
  conversationOf,
  linesOf,
  listedIds,
  readThread,
  resumeThread,
  rolloutFiles,
} from './stored-threads.ts';
import { endOf, openThread, startTurn, wholeTurn } from './turns.ts';
import type { OpenThread } from './turns.ts';

/** Bounds how large the files of a daemon may get, as a disk does that is full. */
function limitFiles({ process }: TestDaemon, bytes: number | 'unlimited'): void {
  execFileSync('prlimit', ['--pid', String(process.pid), `--fsize=${bytes}:unlimited`]);
}

function canLimitFiles(): boolean {
  return ['/usr/bin/prlimit', '/bin/prlimit'].some((path) => existsSync(path));
}

function warning(threadId: string, message: string): WireMessage {
  return { method: 'warning', params: { threadId, message } };
}

const LONG = 'x'.repeat(20_000);

/** A whole turn with an answer that is long. */
async function longTurn(thread: OpenThread, words: string): Promise<string> {
  const index = thread.upstream.requests.length;
  const turnId = await startTurn(thread, words);
  (await thread.upstream.request(index)).answer(`m${index}`, [`${words} `, LONG]);
  expect((await endOf(thread.daemon, turnId))['status']).toBe('completed');
  return turnId;
}

function said(...words: string[]): string[][] {
  return words.map((word) => [word, `${word} ${LONG}`]);
}

describe.skipIf(!canLimitFiles())('a disk that is full', () => {
  it('ends no turn, is told of once, and what it kept from the file is there when it has room', async () => {
    const thread = await openThread();
    const { daemon, threadId } = thread;
    await longTurn(thread, 'one');
    const { path } = await readThread(daemon, threadId);
    // In the middle of a line.
    limitFiles(daemon, statSync(path).size + 10_000);
    await longTurn(thread, 'two');
    await longTurn(thread, 'three');
    const trouble = warning(threadId, `${path} cannot be written: EFBIG`);
    expect(daemon.notifications('warning')).toEqual([trouble]);
    expect(linesOf(path).torn.length).toBeLessThanOrEqual(1);
    const asStored = await readThread(daemon, threadId);
    expect(conversationOf(asStored)[0]).toEqual(said('one')[0]);
    expect(await listedIds(daemon)).toEqual([threadId]);

    const other = await TestDaemon.open({ home: daemon.home });
    expect(await listedIds(other)).toEqual([threadId]);
    expect(conversationOf(await readThread(other, threadId))[0]).toEqual(said('one')[0]);

    limitFiles(daemon, 'unlimited');
    await longTurn(thread, 'four');
    const whole = said('one', 'two', 'three', 'four');
    expect(conversationOf(await readThread(daemon, threadId))).toEqual(whole);
    expect(daemon.notifications('warning')).toEqual([trouble]);
    expect(linesOf(path).torn.length).toBeLessThanOrEqual(1);
    await daemon.stop();
    expect(conversationOf(await resumeThread(other, threadId))).toEqual(whole);
  });

  it('may be full again, which is told again', async () => {
    const thread = await openThread();
    const { daemon, threadId } = thread;
    await longTurn(thread, 'one');
    const { path } = await readThread(daemon, threadId);
    for (const word of ['two', 'four']) {
      limitFiles(daemon, statSync(path).size + 100);
      await longTurn(thread, word);
      limitFiles(daemon, 'unlimited');
      await wholeTurn(thread, 'short');
    }
    const trouble = warning(threadId, `${path} cannot be written: EFBIG`);
    expect(daemon.notifications('warning')).toEqual([trouble, trouble]);
    expect((await readThread(daemon, threadId)).turns).toHaveLength(5);
  });

  it('refuses what is about the file alone, for good', async () => {
    const thread = await openThread();
    const { daemon, threadId } = thread;
    await longTurn(thread, 'one');
    const { path } = await readThread(daemon, threadId);
    limitFiles(daemon, statSync(path).size);
    const before = await readThread(daemon, threadId);
    expect((await daemon.call('thread/rollback', { threadId, numTurns: 1 })).error).toEqual({
      code: -32603,
      message: `${path} could not be written`,
      data: { reason: 'threadUnwritable' },
    });
    expect((await readThread(daemon, threadId)).turns).toEqual(before.turns);
    limitFiles(daemon, 'unlimited');
    await longTurn(thread, 'two');
    expect(conversationOf(await readThread(daemon, threadId))).toEqual(said('one', 'two'));
    await daemon.stop();
    const other = await TestDaemon.open({ home: daemon.home });
    expect(conversationOf(await resumeThread(other, threadId))).toEqual(said('one', 'two'));
  });

  it('from the first line on leaves nothing to list, and the turns go on', async () => {
    const thread = await openThread();
    const { daemon, threadId } = thread;
    limitFiles(daemon, 0);
    await wholeTurn(thread, 'one');
    await wholeTurn(thread, 'two');
    const warnings = daemon.notifications('warning');
    expect(warnings).toHaveLength(1);
    expect(warnings[0]?.params?.['message']).toMatch(/ cannot be written: EFBIG$/u);
    expect(await listedIds(daemon)).toEqual([]);
    limitFiles(daemon, 'unlimited');
    await wholeTurn(thread, 'three');
    expect(conversationOf(await readThread(daemon, threadId))).toEqual([
      ['one', 'answer 0'],
      ['two', 'answer 1'],
      ['three', 'answer 2'],
    ]);
    expect(await listedIds(daemon)).toEqual([threadId]);
  });
});

describe('a folder that cannot be written', () => {
  it.skipIf(process.getuid?.() === 0)('ends no turn, and is told of once', async () => {
    const thread = await openThread();
    const { daemon, threadId } = thread;
    chmodSync(daemon.home, 0o500);
    await wholeTurn(thread, 'one');
    await wholeTurn(thread, 'two');
    chmodSync(daemon.home, 0o700);
    const { path } = await readThread(daemon, threadId, false);
    expect(daemon.notifications('warning')).toEqual([warning(threadId, `${path} cannot be written: EACCES`)]);
    await wholeTurn(thread, 'three');
    expect((await readThread(daemon, threadId)).turns).toHaveLength(3);
  });

  it('may be no folder at all', async () => {
    const thread = await openThread();
    const { daemon, threadId } = thread;
    const inTheWay = join(daemon.home, 'sessions');
    writeFileSync(inTheWay, 'a file');
    await wholeTurn(thread, 'one');
    await wholeTurn(thread, 'two');
    expect(daemon.notifications('warning')).toHaveLength(1);
    expect(await daemon.call('thread/list', {})).toMatchObject({ result: { data: [] } });
    rmSync(inTheWay);
    await wholeTurn(thread, 'three');
    expect((await readThread(daemon, threadId)).turns).toHaveLength(3);
  });
});

describe('a file that is deleted while its thread is in use', () => {
  it('is made anew with what comes, and the user is told', async () => {
    const thread = await openThread();
    const { daemon, threadId, upstream } = thread;
    await wholeTurn(thread, 'one');
    const { path } = await readThread(daemon, threadId);
    rmSync(dirname(path), { recursive: true });
    await wholeTurn(thread, 'two');
    expect(daemon.notifications('warning')).toEqual([
      warning(
        threadId,
        `${path} was deleted while its thread was in use; a new file holds what comes from now on`,
      ),
    ]);
    expect(upstream.requests[1]?.text).toContain('answer 0');
    expect(conversationOf(await readThread(daemon, threadId))).toEqual([['two', 'answer 1']]);
    expect(rolloutFiles(daemon.home)).toHaveLength(1);
    expect(linesOf(path).lines[0]).toMatchObject({ type: 'session_meta', payload: { id: threadId } });
  });
});
