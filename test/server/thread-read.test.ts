import { mkdirSync, renameSync, statSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { TestDaemon } from '../support/daemon.ts';
import { completed, itemDone } from '../support/responses-upstream.ts';
import {
  encodedEvent,
  FIXTURE_ID,
  FIXTURE_TURN,
  metaLine,
  openDaemon,
  openStored,
  place,
  readTurn,
  restart,
  saidByAgent,
  saidByUser,
  storedPath,
  told,
  toldItems,
  turnLines,
} from './stored.ts';
import type { SessionAnswer, StoredThread, ThreadObject } from './stored.ts';
import { ACTIVE, endOf, IDLE, refused, startTurn, SYSTEM_ERROR, text, UUID, wholeTurn } from './turns.ts';

const NOT_LOADED = { type: 'notLoaded' };

async function read(daemon: TestDaemon, threadId: string, includeTurns?: boolean): Promise<ThreadObject> {
  const params = includeTurns === undefined ? { threadId } : { threadId, includeTurns };
  return (await daemon.request<SessionAnswer>('thread/read', params)).thread;
}

async function listed(daemon: TestDaemon): Promise<ThreadObject[]> {
  return (await daemon.request<{ data: ThreadObject[] }>('thread/list', {})).data;
}

/** The turns as they are read while the thread is loaded, and again after a restart. */
async function turnsTwice(stored: StoredThread): Promise<[ThreadObject['turns'], ThreadObject['turns']]> {
  const live = await read(stored.daemon, stored.threadId, true);
  const { daemon } = await restart(stored);
  return [live.turns, (await read(daemon, stored.threadId, true)).turns];
}

describe('thread/read of a stored thread', () => {
  it('gives what the file says of it, without loading or following it', async () => {
    const stored = await openStored({ thread: { threadSource: 'user' } });
    const { turnId } = await wholeTurn(stored, 'one');
    const items = toldItems(stored.daemon, turnId);
    const { daemon, folder, path, threadId, upstream } = await restart(stored);
    const expected = {
      id: threadId,
      sessionId: threadId,
      forkedFromId: null,
      preview: 'one',
      ephemeral: false,
      modelProvider: 'test',
      createdAt: expect.any(Number),
      updatedAt: Math.floor(statSync(path).mtimeMs / 1000),
      status: NOT_LOADED,
      path,
      cwd: folder,
      cliVersion: '0.130.0',
      source: 'vscode',
      threadSource: 'user',
      agentNickname: null,
      agentRole: null,
      gitInfo: null,
      name: null,
      turns: [],
    };
    const { after, answer, before } = await told(daemon, 'thread/read', { threadId });
    expect(answer.result).toEqual({ thread: expected });
    expect([...before, ...(await after())]).toEqual([]);
    expect(await read(daemon, threadId, false)).toEqual(expected);
    expect(await read(daemon, threadId, true)).toEqual({
      ...expected,
      turns: [readTurn(turnId, items as object[])],
    });
    expect(await daemon.request('thread/loaded/list', {})).toEqual({ data: [], nextCursor: null });
    expect((await daemon.call('turn/start', { threadId, input: [text('x')] })).error).toMatchObject({
      data: { reason: 'threadNotFound' },
    });
    expect(upstream.requests).toHaveLength(1);
  });

  it('reads a thread in the archive', async () => {
    const { daemon } = await openDaemon();
    const path = place(storedPath(daemon.home), metaLine(), turnLines('u', { words: 'one' }));
    const archived = join(daemon.home, 'archived_sessions', basename(path));
    mkdirSync(dirname(archived));
    renameSync(path, archived);
    expect(await read(daemon, FIXTURE_ID, true)).toMatchObject({ path: archived, turns: [{ id: 'u' }] });
  });

  it('tells of a fork what it comes from', async () => {
    const { daemon } = await openDaemon();
    const other = FIXTURE_ID.replace('6f72', 'ffff');
    place(storedPath(daemon.home), metaLine({ forked_from_id: other }), turnLines('u', { words: 'one' }));
    expect(await read(daemon, FIXTURE_ID)).toMatchObject({ forkedFromId: other });
  });

  it('keeps the elements of a text, and numbers items through the thread', async () => {
    const { daemon } = await openDaemon();
    const textElements = [{ byte_range: { start: 0, end: 3 }, placeholder: 'sec' }];
    place(
      storedPath(daemon.home),
      metaLine(),
      turnLines(`${FIXTURE_TURN}1`, { words: 'first question', answer: 'answer0' }),
      turnLines(`${FIXTURE_TURN}2`, { words: 'second', answer: 'answer1', textElements }),
    );
    const elements = [{ byteRange: { start: 0, end: 3 }, placeholder: 'sec' }];
    expect((await read(daemon, FIXTURE_ID, true)).turns).toEqual([
      readTurn(`${FIXTURE_TURN}1`, [
        saidByUser('item-1', 'first question'),
        saidByAgent('item-2', 'answer0'),
      ]),
      readTurn(`${FIXTURE_TURN}2`, [
        saidByUser('item-3', 'second', elements),
        saidByAgent('item-4', 'answer1'),
      ]),
    ]);
  });

  it('is refused where there is none', async () => {
    const { daemon } = await openDaemon();
    for (const includeTurns of [false, true]) {
      expect((await daemon.call('thread/read', { threadId: FIXTURE_ID, includeTurns })).error).toEqual(
        refused('rolloutNotFound', `thread not loaded: ${FIXTURE_ID}`),
      );
      expect((await daemon.call('thread/read', { threadId: '../auth', includeTurns })).error).toEqual(
        refused('invalidThreadId', expect.stringMatching(/^invalid thread id: /)),
      );
    }
  });
});

describe('thread/read of a loaded thread', () => {
  it('gives what is known of one in which nothing was said, but no turns', async () => {
    const { daemon, path, threadId } = await openStored();
    expect(await read(daemon, threadId)).toMatchObject({
      id: threadId,
      path,
      preview: '',
      status: IDLE,
      turns: [],
    });
    expect((await daemon.call('thread/read', { threadId, includeTurns: true })).error).toEqual(
      refused(
        'turnsUnavailable',
        `thread ${threadId} is not materialized yet; includeTurns is unavailable before first user message`,
      ),
    );
  });

  it('gives what is known of an ephemeral one, but no turns', async () => {
    const stored = await openStored({ thread: { ephemeral: true } });
    const { daemon, threadId } = stored;
    await wholeTurn(stored, 'one');
    expect(await read(daemon, threadId)).toMatchObject({ path: null, ephemeral: true, preview: 'one' });
    expect((await daemon.call('thread/read', { threadId, includeTurns: true })).error).toEqual(
      refused('turnsUnavailable', 'ephemeral threads do not support includeTurns'),
    );
  });

  it('shows a turn as far as it has come', async () => {
    const stored = await openStored();
    const { daemon, threadId, upstream } = stored;
    const turnId = await startTurn(stored, 'one');
    const request = await upstream.request();
    request.begin('m0', ['half']);
    await daemon.waitForNotification('item/agentMessage/delta');
    expect(await read(daemon, threadId, true)).toMatchObject({
      status: ACTIVE,
      preview: 'one',
      turns: [
        readTurn(turnId, [saidByUser(expect.stringMatching(UUID), 'one')], {
          status: 'inProgress',
          completedAt: null,
          durationMs: null,
        }),
      ],
    });
    request.finish('m0', ['half']);
    await endOf(daemon, turnId);
    expect((await read(daemon, threadId, true)).turns).toEqual([
      readTurn(turnId, toldItems(daemon, turnId) as object[]),
    ]);
  });

  it('carries the name it was given, as lists and resumes do, now and after a restart', async () => {
    const stored = await openStored();
    await wholeTurn(stored, 'one');
    const { threadId } = stored;
    await stored.daemon.request('thread/name/set', { threadId, name: 'Garden' });
    expect(await read(stored.daemon, threadId)).toMatchObject({ name: 'Garden' });
    expect(await listed(stored.daemon)).toMatchObject([{ name: 'Garden' }]);
    const { daemon } = await restart(stored);
    expect(await read(daemon, threadId)).toMatchObject({ name: 'Garden' });
    expect(await listed(daemon)).toMatchObject([{ name: 'Garden' }]);
    const { thread } = await daemon.request<SessionAnswer>('thread/resume', { threadId });
    expect(thread['name']).toBe('Garden');
    expect(await read(daemon, threadId)).toMatchObject({ name: 'Garden' });
  });
});

describe('the turns of a thread', () => {
  it('are those that were told while they ran, with the same ids, times and items', async () => {
    const stored = await openStored();
    const first = await wholeTurn(stored, 'one');
    const second = await wholeTurn(stored, 'two');
    const expected = [];
    for (const { turnId } of [first, second]) {
      const end = await endOf(stored.daemon, turnId);
      expected.push({ ...end, itemsView: 'full', items: toldItems(stored.daemon, turnId) });
    }
    const [live, later] = await turnsTwice(stored);
    expect(live).toEqual(expected);
    expect(later).toEqual(expected);
  });

  it('hold every item of a response as it was told', async () => {
    const stored = await openStored();
    const turnId = await startTurn(stored, 'one', {
      input: [
        {
          type: 'text',
          text: 'look: @a',
          text_elements: [{ byteRange: { start: 6, end: 8 }, placeholder: '[a]' }],
        },
        { type: 'image', url: 'data:image/png;base64,AAAA' },
      ],
    });
    const request = await stored.upstream.request();
    const reasoning = {
      type: 'reasoning',
      id: 'rs1',
      summary: [
        { type: 'summary_text', text: 'First.' },
        { type: 'summary_text', text: 'Second.' },
      ],
      content: [{ type: 'reasoning_text', text: 'raw' }],
      encrypted_content: 'c2VjcmV0',
    };
    const search = {
      type: 'web_search_call',
      id: 'ws1',
      status: 'completed',
      action: { type: 'search', query: 'roses' },
    };
    const answer = (id: string, words: string, phase: string): object => ({
      type: 'message',
      role: 'assistant',
      id,
      phase,
      content: [{ type: 'output_text', text: words }],
    });
    request.send(
      itemDone(reasoning),
      itemDone({ ...reasoning, id: 'rs2', summary: [], content: [] }),
      itemDone(answer('m1', 'I look.', 'commentary')),
      itemDone(search),
      itemDone({ ...reasoning, id: 'rs3' }),
      itemDone({ ...reasoning, id: 'rs4' }),
      itemDone(answer('m2', 'Done.', 'final_answer')),
      completed('r'),
    );
    request.end();
    await endOf(stored.daemon, turnId);
    const items = toldItems(stored.daemon, turnId);
    expect(items.map((item) => (item as { id: string }).id)).toEqual(
      expect.arrayContaining(['rs1', 'm1', 'ws1', 'rs3', 'rs4', 'm2']),
    );
    const [live, later] = await turnsTwice(stored);
    expect(live).toEqual([readTurn(turnId, items as object[])]);
    expect(later).toEqual(live);
  });

  it('hold a message that came into a running turn', async () => {
    const stored = await openStored();
    const { daemon, threadId, upstream } = stored;
    const turnId = await startTurn(stored, 'one');
    const request = await upstream.request();
    await daemon.request('turn/steer', { threadId, expectedTurnId: turnId, input: [text('also')] });
    request.answer('m0', ['half']);
    (await upstream.request(1)).answer('m1', ['all']);
    await endOf(daemon, turnId);
    const items = toldItems(daemon, turnId);
    const [live, later] = await turnsTwice(stored);
    expect(live).toEqual([readTurn(turnId, items as object[])]);
    expect(items).toHaveLength(4);
    expect(later).toEqual(live);
  });

  it('say that one failed and why', async () => {
    const stored = await openStored();
    const { daemon, threadId } = stored;
    const turnId = await startTurn(stored, 'one');
    (await stored.upstream.request()).refuse(400, 'no such thing');
    const { error } = await endOf(daemon, turnId);
    expect(error).toMatchObject({ message: expect.stringContaining('no such thing') });
    expect(await read(daemon, threadId)).toMatchObject({ status: SYSTEM_ERROR });
    expect(await listed(daemon)).toMatchObject([{ id: threadId, status: SYSTEM_ERROR }]);
    const [live, later] = await turnsTwice(stored);
    expect(live).toEqual([
      readTurn(turnId, toldItems(daemon, turnId) as object[], { status: 'failed', error }),
    ]);
    expect(later).toEqual(live);
  });

  it('say that one was interrupted', async () => {
    const stored = await openStored();
    const { daemon, threadId, upstream } = stored;
    const turnId = await startTurn(stored, 'one');
    await upstream.request();
    await daemon.request('turn/interrupt', { threadId, turnId });
    const end = await endOf(daemon, turnId);
    const [live, later] = await turnsTwice(stored);
    expect(live).toEqual([{ ...end, itemsView: 'full', items: toldItems(daemon, turnId) }]);
    expect(later).toEqual(live);
  });

  it('hold a compaction', async () => {
    const stored = await openStored({ top: 'compact_prompt = "Sum up."' });
    const { daemon, threadId, upstream } = stored;
    await wholeTurn(stored, 'one');
    await daemon.request('thread/compact/start', { threadId });
    (await upstream.request(1)).answer('s1', ['a summary']);
    await daemon.until('the end', () =>
      daemon.notifications('turn/completed').length === 2 ? true : undefined,
    );
    await wholeTurn(stored, 'two');
    const [live, later] = await turnsTwice(stored);
    const ids = daemon
      .notifications('turn/completed')
      .map(({ params }) => (params?.['turn'] as { id: string }).id);
    expect(live).toEqual(ids.map((id) => readTurn(id, toldItems(daemon, id) as object[])));
    expect(live[1]?.items).toMatchObject([{ type: 'contextCompaction' }]);
    expect(later).toEqual(live);
  });

  it('go on with their ids where a thread of the reference is gone on with', async () => {
    const { daemon, upstream } = await openDaemon();
    place(
      storedPath(daemon.home),
      metaLine(),
      turnLines(`${FIXTURE_TURN}1`, { words: 'one', answer: 'first' }),
      encodedEvent('context_compacted'),
    );
    await daemon.request('thread/resume', { threadId: FIXTURE_ID });
    const { turnId } = await wholeTurn({ daemon, upstream, threadId: FIXTURE_ID }, 'two');
    const { turns } = await read(daemon, FIXTURE_ID, true);
    expect(turns[0]?.items.map(({ id }) => id)).toEqual(['item-1', 'item-2']);
    expect(turns.at(-1)).toEqual(readTurn(turnId, toldItems(daemon, turnId) as object[]));
    const ids = turns.flatMap(({ items }) => items.map(({ id }) => id));
    expect(new Set(ids).size).toBe(ids.length);
  });
});
