import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { idOf, putThread } from '../core/store/support/home.ts';
import { TestDaemon } from '../support/daemon.ts';
import type { WireMessage } from '../support/daemon.ts';
import { ResponsesUpstream } from '../support/responses-upstream.ts';
import { openServer } from './in-process-server.ts';
import { linesOf, listThreads, nameIndex, readThread, resumeThread } from './stored-threads.ts';
import { openThread, wholeTurn } from './turns.ts';

const TIME = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z$/u;

function renamed(threadId: string, threadName: string): WireMessage {
  return { method: 'thread/name/updated', params: { threadId, threadName } };
}

function indexed(id: string, thread_name: string): object {
  return { id, thread_name, updated_at: expect.stringMatching(TIME) };
}

describe('thread/name/set', () => {
  it('names a thread for everyone, once for each client', async () => {
    const upstream = await ResponsesUpstream.open();
    const { connect, home } = openServer(upstream.config());
    const [first, second] = [await connect(), await connect()];
    const loaded = await first.startThread();
    await putThread(home, { stamp: '2025-02-03T10-00-00', id: idOf(1) });
    for (const [threadId, name] of [
      [loaded, 'Loaded'],
      [idOf(1), 'Stored'],
    ] as const) {
      expect(await first.call('thread/name/set', { threadId, name })).toEqual({});
    }
    await Promise.all([first, second].map((client) => client.until('thread/name/updated', idOf(1))));
    for (const client of [first, second]) {
      expect(client.heard.filter(({ method }) => method === 'thread/name/updated')).toEqual([
        renamed(loaded, 'Loaded'),
        renamed(idOf(1), 'Stored'),
      ]);
    }
    expect(nameIndex(home)).toEqual([indexed(loaded, 'Loaded'), indexed(idOf(1), 'Stored')]);
  });

  it('answers first, and takes the blanks around the name away', async () => {
    const thread = await openThread();
    const { daemon, threadId } = thread;
    await wholeTurn(thread, 'question');
    const before = daemon.messages.length;
    const answer = await daemon.call('thread/name/set', { threadId, name: ' \tNamed \n' });
    await daemon.waitForNotification('thread/name/updated');
    expect(daemon.messages.slice(before)).toEqual([
      { id: answer.id, result: {} },
      renamed(threadId, 'Named'),
    ]);
    expect((await readThread(daemon, threadId)).name).toBe('Named');
    expect((await listThreads(daemon)).data[0]?.name).toBe('Named');
    expect((await resumeThread(daemon, threadId)).name).toBe('Named');
    const { path } = await readThread(daemon, threadId);
    expect(linesOf(path).lines.map(({ payload }) => payload['type'])).not.toContain('thread_name_updated');
  });

  it('refuses a name without a letter, and leaves the one there is', async () => {
    const daemon = await TestDaemon.open();
    await putThread(daemon.home, { stamp: '2025-02-03T10-00-00', id: idOf(1) });
    await daemon.request('thread/name/set', { threadId: idOf(1), name: 'Kept' });
    for (const name of ['', ' ', '\n\t ']) {
      expect((await daemon.call('thread/name/set', { threadId: idOf(1), name })).error).toEqual({
        code: -32600,
        message: 'thread name must not be empty',
        data: { reason: 'invalidInput' },
      });
    }
    expect((await readThread(daemon, idOf(1))).name).toBe('Kept');
    expect(nameIndex(daemon.home)).toHaveLength(1);
  });

  it('finds no thread that there is not', async () => {
    const daemon = await TestDaemon.open();
    expect((await daemon.call('thread/name/set', { threadId: idOf(1), name: 'x' })).error).toEqual({
      code: -32600,
      message: `thread not found: ${idOf(1)}`,
      data: { reason: 'rolloutNotFound' },
    });
    expect(existsSync(join(daemon.home, 'session_index.jsonl'))).toBe(false);
  });

  it('names an ephemeral thread for as long as it lives', async () => {
    const { daemon, threadId } = await openThread({ thread: { ephemeral: true } });
    await daemon.request('thread/name/set', { threadId, name: 'Fleeting' });
    await daemon.waitForNotification('thread/name/updated');
    expect((await readThread(daemon, threadId, false)).name).toBe('Fleeting');
    expect(existsSync(join(daemon.home, 'session_index.jsonl'))).toBe(false);
  });

  it('begins the file of a thread in which nothing was said', async () => {
    const { daemon, threadId } = await openThread();
    await daemon.request('thread/name/set', { threadId, name: 'Early' });
    const read = await readThread(daemon, threadId);
    expect(read).toMatchObject({ name: 'Early', preview: '', turns: [] });
    expect(linesOf(read.path).lines.map(({ type }) => type)).toEqual(['session_meta']);
    expect((await listThreads(daemon)).data).toEqual([]);
  });

  it('lasts beyond the daemon, whatever the name says', async () => {
    const thread = await openThread();
    const { daemon, threadId } = thread;
    await wholeTurn(thread, 'question');
    const names = ['Línea "1"\\ \u2028😀', `${'long '.repeat(2_000)}end`, '{"id":"x"}', 'a\nb'];
    for (const name of names) {
      await daemon.request('thread/name/set', { threadId, name });
      const next = await TestDaemon.open({ home: daemon.home });
      expect((await readThread(next, threadId)).name).toBe(name);
      expect((await listThreads(next)).data[0]?.name).toBe(name);
      expect((await resumeThread(next, threadId)).name).toBe(name);
      await next.stop();
    }
    expect(nameIndex(daemon.home)).toEqual(names.map((name) => indexed(threadId, name)));
  });

  it('names archived threads too, and is not inherited by forks', async () => {
    const daemon = await TestDaemon.open();
    await putThread(daemon.home, { stamp: '2025-02-03T10-00-00', id: idOf(1), archived: true });
    await daemon.request('thread/name/set', { threadId: idOf(1), name: 'Old' });
    expect((await listThreads(daemon, { archived: true })).data[0]?.name).toBe('Old');
    const { thread } = await daemon.request<{ thread: { name: null } }>('thread/fork', {
      threadId: idOf(1),
    });
    expect(thread.name).toBeNull();
  });
});
