import { describe, expect, it } from 'vitest';
import { Call } from '../server-realtime/call.ts';
import { TestDaemon } from '../support/daemon.ts';
import { ResponsesUpstream } from '../support/responses-upstream.ts';
import type { InputItem } from '../support/responses-upstream.ts';
import { conversationOf, linesOf, readThread, resumeThread } from './stored-threads.ts';
import type { ThreadObject } from './stored-threads.ts';
import {
  endOf,
  IDLE,
  layout,
  NO_LIMITS,
  openThread,
  script,
  startTurn,
  times,
  USAGE,
  wholeTurn,
} from './turns.ts';
import type { OpenThread } from './turns.ts';

async function rollBack(daemon: TestDaemon, threadId: string, numTurns: number): Promise<ThreadObject> {
  const params = { threadId, numTurns };
  return (await daemon.request<{ thread: ThreadObject }>('thread/rollback', params)).thread;
}

async function inputOf({ upstream }: OpenThread, index: number): Promise<readonly InputItem[]> {
  return (await upstream.request(index)).input;
}

/** A thread with so many turns, the n-th of which asks `question n`. */
async function openTurns(count: number): Promise<{ thread: OpenThread; turnIds: string[] }> {
  const thread = await openThread();
  const turnIds: string[] = [];
  for (let index = 0; index < count; index += 1) {
    turnIds.push((await wholeTurn(thread, `question ${index}`)).turnId);
  }
  return { thread, turnIds };
}

describe('thread/rollback', () => {
  it('takes the last turn away, and tells usage and limits before it answers', async () => {
    const { thread, turnIds } = await openTurns(2);
    const { daemon, threadId } = thread;
    const whole = await readThread(daemon, threadId);
    const before = daemon.messages.length;
    const answer = await daemon.call('thread/rollback', { threadId, numTurns: 1 });
    const rolledBack = (answer.result as { thread: ThreadObject }).thread;
    expect(rolledBack).toEqual({
      ...whole,
      updatedAt: expect.any(Number),
      turns: whole.turns.slice(0, 1),
    });
    expect(rolledBack.turns[0]?.items).toHaveLength(2);
    expect(rolledBack).toMatchObject({ status: IDLE, name: null });
    expect(daemon.messages.slice(before)).toEqual([
      {
        method: 'thread/tokenUsage/updated',
        params: {
          threadId,
          turnId: turnIds[0],
          tokenUsage: { total: USAGE, last: USAGE, modelContextWindow: 258_400 },
        },
      },
      { method: 'account/rateLimits/updated', params: { rateLimits: NO_LIMITS } },
      answer,
    ]);
    expect(await readThread(daemon, threadId)).toEqual(rolledBack);
  });

  it('is the same after a restart', async () => {
    const { thread } = await openTurns(3);
    const { daemon, threadId } = thread;
    const rolledBack = await rollBack(daemon, threadId, 2);
    expect(conversationOf(rolledBack)).toEqual([['question 0', 'answer 0']]);
    await daemon.stop();
    const next = await TestDaemon.open({ home: daemon.home });
    const status = { type: 'notLoaded' };
    expect(await readThread(next, threadId)).toEqual({ ...rolledBack, status });
    expect(await resumeThread(next, threadId)).toEqual(rolledBack);
    await startTurn({ daemon: next, threadId }, 'further');
    const input = await inputOf(thread, 3);
    expect(layout(input).filter((place) => place !== 'developer')).toEqual([
      'environment',
      'user: question 0',
      'assistant: answer 0',
      'user: further',
    ]);
  });

  it('takes out of the next request what the turns had put in, and nothing else', async () => {
    const { thread } = await openTurns(3);
    const { daemon, threadId } = thread;
    const before = await inputOf(thread, 1);
    await rollBack(daemon, threadId, 2);
    await wholeTurn(thread, 'question 1');
    expect(await inputOf(thread, 3)).toEqual(before);
    await rollBack(daemon, threadId, 2);
    const first = await inputOf(thread, 0);
    await wholeTurn(thread, 'question 0');
    expect(await inputOf(thread, 4)).toEqual(first);
  });

  it('empties the thread where more turns are asked for than there are', async () => {
    const { thread } = await openTurns(2);
    const { daemon, threadId } = thread;
    const first = await inputOf(thread, 0);
    const rolledBack = await rollBack(daemon, threadId, 100);
    expect(rolledBack.turns).toEqual([]);
    expect(rolledBack.preview).toBe('question 0');
    await wholeTurn(thread, 'question 0');
    expect(await inputOf(thread, 2)).toEqual(first);
    const { turns } = await readThread(daemon, threadId);
    expect(conversationOf({ turns })).toEqual([['question 0', 'answer 2']]);
    expect(await rollBack(daemon, threadId, 4_294_967_295)).toMatchObject({ turns: [] });
  });

  it('takes an interrupted and a failed turn away like any other', async () => {
    const { thread } = await openTurns(1);
    const { daemon, threadId, upstream } = thread;
    const before = await inputOf(thread, 0);
    const interrupted = await startTurn(thread, 'interrupted');
    (await upstream.request(1)).begin('m1', ['half']);
    await daemon.waitForNotification('item/agentMessage/delta', (params) => params['delta'] === 'half');
    await daemon.request('turn/interrupt', { threadId, turnId: interrupted });
    await endOf(daemon, interrupted);
    const failed = await startTurn(thread, 'failed');
    (await upstream.request(2)).refuse(400, '{}');
    await endOf(daemon, failed);
    const rolledBack = await rollBack(daemon, threadId, 2);
    expect(conversationOf(rolledBack)).toEqual([['question 0', 'answer 0']]);
    await wholeTurn(thread, 'next');
    const after = await inputOf(thread, 3);
    expect(after.slice(0, before.length)).toEqual(before);
    expect(layout(after.slice(before.length))).toEqual(['assistant: answer 0', 'user: next']);
  });

  it('undoes a compaction that is rolled back', async () => {
    const { thread } = await openTurns(2);
    const { daemon, threadId, upstream } = thread;
    const asBefore = await inputOf(thread, 1);
    await daemon.request('thread/compact/start', { threadId });
    (await upstream.request(2)).answer('m2', ['what happened']);
    await daemon.until('the end of three turns', () =>
      daemon.notifications('turn/completed').length === 3 ? true : undefined,
    );
    await wholeTurn(thread, 'after');
    expect(JSON.stringify(await inputOf(thread, 3))).toContain('what happened');
    const rolledBack = await rollBack(daemon, threadId, 3);
    expect(conversationOf(rolledBack)).toEqual([['question 0', 'answer 0']]);
    await wholeTurn(thread, 'question 1');
    expect(await inputOf(thread, 4)).toEqual(asBefore);
  });

  it('keeps a compaction that is not rolled back', async () => {
    const { thread } = await openTurns(1);
    const { daemon, threadId, upstream } = thread;
    await daemon.request('thread/compact/start', { threadId });
    (await upstream.request(1)).answer('m1', ['what happened']);
    await daemon.until('the end of two turns', () =>
      daemon.notifications('turn/completed').length === 2 ? true : undefined,
    );
    await wholeTurn(thread, 'after');
    const asBefore = await inputOf(thread, 2);
    await rollBack(daemon, threadId, 1);
    await wholeTurn(thread, 'after');
    expect(await inputOf(thread, 3)).toEqual(asBefore);
  });

  it('counts what is used afterwards from what is left', async () => {
    const { thread } = await openTurns(2);
    const { daemon, threadId } = thread;
    await rollBack(daemon, threadId, 1);
    const { turnId } = await wholeTurn(thread, 'next');
    const params = await daemon.waitForNotification(
      'thread/tokenUsage/updated',
      (candidate) => candidate['turnId'] === turnId,
    );
    expect((params['tokenUsage'] as { total: object }).total).toEqual(times(2));
  });

  it('is written as one line, and leaves the earlier ones', async () => {
    const { thread } = await openTurns(2);
    const { daemon, threadId } = thread;
    const { path } = await readThread(daemon, threadId);
    const before = linesOf(path).lines;
    await rollBack(daemon, threadId, 1);
    expect(linesOf(path).lines).toEqual([
      ...before,
      {
        timestamp: expect.any(String),
        type: 'event_msg',
        payload: { type: 'thread_rolled_back', num_turns: 1 },
      },
    ]);
  });
});

describe('a rollback that is refused', () => {
  it('asks for no turn', async () => {
    const { thread } = await openTurns(1);
    const { daemon, threadId } = thread;
    const before = await readThread(daemon, threadId);
    expect((await daemon.call('thread/rollback', { threadId, numTurns: 0 })).error).toEqual({
      code: -32600,
      message: 'numTurns must be >= 1',
      data: { reason: 'invalidInput' },
    });
    expect(await readThread(daemon, threadId)).toEqual(before);
  });

  it('meets a turn that runs, which goes on, and the status stays', async () => {
    const { thread } = await openTurns(1);
    const { daemon, threadId, upstream } = thread;
    const turnId = await startTurn(thread, 'running');
    const request = await upstream.request(1);
    const before = daemon.messages.length;
    const answer = await daemon.call('thread/rollback', { threadId, numTurns: 1 });
    expect(answer.error).toEqual({
      code: -32600,
      message: 'Cannot rollback while a turn is in progress.',
      data: { reason: 'turnActive' },
    });
    request.answer('m1', ['done']);
    expect((await endOf(daemon, turnId))['status']).toBe('completed');
    const statuses = daemon.messages.slice(before).filter(({ method }) => method === 'thread/status/changed');
    expect(statuses).toEqual([script(threadId, turnId).status(IDLE)]);
    expect((await readThread(daemon, threadId)).turns).toHaveLength(2);
  });

  it('meets an ephemeral thread, or none', async () => {
    const thread = await openThread({ thread: { ephemeral: true } });
    const { daemon, threadId } = thread;
    await wholeTurn(thread, 'question');
    const { error } = await daemon.call('thread/rollback', { threadId, numTurns: 1 });
    expect(error).toEqual({
      code: -32600,
      message: 'ephemeral threads cannot be rolled back',
      data: { reason: 'turnsUnavailable' },
    });
    await wholeTurn(thread, 'more');
    expect(layout(await inputOf(thread, 1))).toContain('user: question');
    const unknown = '01a1fb3d-6f72-79e3-93d9-00bf3dcfbd64';
    expect((await daemon.call('thread/rollback', { threadId: unknown, numTurns: 1 })).error).toMatchObject({
      code: -32600,
      message: `thread not found: ${unknown}`,
    });
  });
});

describe('what was said on a call', () => {
  it('goes with the turn that it belongs to', async () => {
    const responses = await ResponsesUpstream.open();
    const call = await Call.open({
      editConfig: (text) => text.replace(/base_url = "[^"]*\/v1"/u, `base_url = "${responses.url}/v1"`),
    });
    const { daemon, threadId } = call;
    const thread: OpenThread = { daemon, threadId, upstream: responses };
    await wholeTurn(thread, 'typed');
    const socket = await call.start();
    socket.send(
      { type: 'conversation.item.input_audio_transcription.completed', item_id: 'i1', transcript: 'spoken' },
      { type: 'response.output_audio_transcript.done', item_id: 'i2', transcript: 'heard' },
    );
    await call.fence(socket);
    await call.stop();
    expect(conversationOf(await readThread(daemon, threadId)).flat()).toEqual([
      'typed',
      'answer 0',
      'spoken',
      'heard',
    ]);
    const rolledBack = await rollBack(daemon, threadId, 1);
    expect(conversationOf(rolledBack)).toEqual([['typed', 'answer 0']]);
    await wholeTurn(thread, 'typed again');
    expect(JSON.stringify(await inputOf(thread, 1))).not.toContain('spoken');
  });
});
