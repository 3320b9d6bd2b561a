import { mkdirSync } from 'node:fs';
import type { IncomingHttpHeaders } from 'node:http';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { commit, git, hasGit } from '../core/git/repository.ts';
import { TestDaemon } from '../support/daemon.ts';
import { completed, ResponsesUpstream } from '../support/responses-upstream.ts';
import { exec, openActing } from './acting.ts';
import { endOf, openThread, startTurn, text, user, wholeTurn } from './turns.ts';
import type { OpenThread } from './turns.ts';

type Metadata = Readonly<Record<string, unknown>>;

function metadataOf({ headers }: { readonly headers: IncomingHttpHeaders }): Metadata {
  const header = rawMetadata({ headers });
  expect(header).toMatch(/^[\x20-\x7e]+$/);
  return withoutWorkspaces(JSON.parse(header) as Metadata);
}

/** Git may have told by then of the repository that these tests lie in, or not. */
function withoutWorkspaces(metadata: Metadata): Metadata {
  return Object.fromEntries(Object.entries(metadata).filter(([key]) => key !== 'workspaces'));
}

/** What the client added to the metadata of a request. */
function added(metadata: Metadata): Metadata {
  const own = new Set(['session_id', 'thread_id', 'turn_id', 'sandbox', 'turn_started_at_unix_ms']);
  return Object.fromEntries(Object.entries(metadata).filter(([key]) => !own.has(key)));
}

async function steer(
  { daemon, threadId }: OpenThread,
  expectedTurnId: string,
  words: string,
  more: object,
): Promise<void> {
  await daemon.request('turn/steer', { threadId, expectedTurnId, input: [text(words)], ...more });
}

describe('the metadata of a client', () => {
  it('is added to the metadata of its turn, under either name', async () => {
    for (const name of ['clientMetadata', 'responsesapiClientMetadata']) {
      const thread = await openThread();
      const { turnId } = await wholeTurn(thread, 'one', { [name]: { a: '1', b: '' } });
      const metadata = metadataOf(await thread.upstream.request());
      expect(added(metadata), name).toEqual({ a: '1', b: '' });
      expect(metadata['turn_id']).toBe(turnId);
      await wholeTurn(thread, 'two');
      expect(added(metadataOf(await thread.upstream.request(1))), name).toEqual({});
    }
  });

  it('under both names is merged, key by key, and the shorter name wins', async () => {
    const thread = await openThread();
    await wholeTurn(thread, 'one', {
      responsesapiClientMetadata: { both: 'older', older: '1' },
      clientMetadata: { both: 'newer', newer: '2' },
    });
    expect(added(metadataOf(await thread.upstream.request()))).toEqual({
      both: 'newer',
      newer: '2',
      older: '1',
    });
  });

  it('does not stand for what is known of the turn', async () => {
    const thread = await openThread();
    const keys = ['session_id', 'thread_id', 'turn_id', 'sandbox', 'turn_started_at_unix_ms'];
    const clientMetadata = Object.fromEntries([...keys, 'mine'].map((key) => [key, 'forged']));
    const { turnId } = await wholeTurn(thread, 'one', { clientMetadata });
    const metadata = metadataOf(await thread.upstream.request());
    expect(metadata).toMatchObject({
      session_id: thread.threadId,
      thread_id: thread.threadId,
      turn_id: turnId,
      turn_started_at_unix_ms: expect.any(Number),
      mine: 'forged',
    });
    expect(metadata['sandbox']).not.toBe('forged');
  });

  it('does not stand for the source of the thread', async () => {
    const thread = await openThread({ thread: { threadSource: 'user' } });
    await wholeTurn(thread, 'one', { clientMetadata: { thread_source: 'forged' } });
    expect(metadataOf(await thread.upstream.request())['thread_source']).toBe('user');
  });

  it('travels in ASCII, whatever it says', async () => {
    const thread = await openThread();
    const clientMetadata = { '/srv/données': '😀 "quoted" \\ \n\t\u007f', 汉字: '' };
    await wholeTurn(thread, 'one', { clientMetadata });
    const request = await thread.upstream.request();
    expect(added(metadataOf(request))).toEqual(clientMetadata);
    expect(request.headers['x-codex-turn-metadata']).toContain(
      String.raw`"/srv/donn\u00e9es":"\ud83d\ude00 \"quoted\" \\ \n\t\u007f"`,
    );
  });

  it('is replaced as a whole by steering, from the next request on', async () => {
    const thread = await openThread();
    const { daemon, upstream } = thread;
    const turnId = await startTurn(thread, 'one', { clientMetadata: { a: '1', b: '1' } });
    const first = await upstream.request();
    await steer(thread, turnId, 'two', { clientMetadata: { b: '2' } });
    first.answer('m1', ['ok']);
    const second = await upstream.request(1);
    await steer(thread, turnId, 'three', {});
    second.answer('m2', ['ok']);
    const third = await upstream.request(2);
    await steer(thread, turnId, 'four', { responsesapiClientMetadata: {} });
    third.answer('m3', ['ok']);
    const fourth = await upstream.request(3);
    fourth.answer('m4', ['ok']);
    await endOf(daemon, turnId);
    const all = [first, second, third, fourth].map(metadataOf);
    expect(all.map(added)).toEqual([{ a: '1', b: '1' }, { b: '2' }, { b: '2' }, {}]);
    expect(new Set(all.map((metadata) => metadata['turn_id']))).toEqual(new Set([turnId]));
    expect(new Set(all.map((metadata) => metadata['turn_started_at_unix_ms'])).size).toBe(1);
    await wholeTurn(thread, 'five');
    expect(added(metadataOf(await upstream.request(4)))).toEqual({});
  });

  it('is replaced by the metadata of a turn/start that joins the turn', async () => {
    const thread = await openThread();
    const turnId = await startTurn(thread, 'one', { clientMetadata: { a: '1' } });
    const first = await thread.upstream.request();
    await startTurn(thread, 'two', { responsesapiClientMetadata: { b: '2' } });
    first.answer('m1', ['ok']);
    const second = await thread.upstream.request(1);
    second.answer('m2', ['ok']);
    await endOf(thread.daemon, turnId);
    expect([first, second].map((request) => added(metadataOf(request)))).toEqual([{ a: '1' }, { b: '2' }]);
  });

  it('is refused where it is no table of texts', async () => {
    const { daemon, threadId, upstream } = await openThread();
    for (const name of ['clientMetadata', 'responsesapiClientMetadata']) {
      for (const value of ['a', 1, ['a'], { a: 1 }, { a: null }, { a: { b: 'c' } }]) {
        const params = { threadId, input: [text('one')], [name]: value };
        const what = JSON.stringify({ [name]: value });
        const start = await daemon.call('turn/start', params);
        expect(start.error, what).toMatchObject({ code: -32600, data: { reason: 'invalidParams' } });
        const steered = await daemon.call('turn/steer', { ...params, expectedTurnId: 'x' });
        expect(steered.error, what).toMatchObject({ code: -32600, data: { reason: 'invalidParams' } });
      }
    }
    expect(upstream.requests).toEqual([]);
  });

  it('counts as absent where it is null', async () => {
    const thread = await openThread();
    await wholeTurn(thread, 'one', { clientMetadata: null, responsesapiClientMetadata: null });
    expect(added(metadataOf(await thread.upstream.request()))).toEqual({});
  });

  it('needs the experimental capability under its older name alone', async () => {
    const upstream = await ResponsesUpstream.open();
    const daemon = await TestDaemon.open({ config: upstream.config(), capabilities: null });
    const threadId = await daemon.startThread();
    const params = { threadId, input: [text('one')], responsesapiClientMetadata: { a: '1' } };
    for (const [method, more] of [
      ['turn/start', {}],
      ['turn/steer', { expectedTurnId: 'x' }],
    ] as const) {
      const feature = `${method}.responsesapiClientMetadata`;
      expect((await daemon.call(method, { ...params, ...more })).error).toEqual({
        code: -32600,
        message: `${feature} requires experimentalApi capability`,
        data: { reason: 'experimentalApiRequired', feature },
      });
    }
    await wholeTurn({ daemon, threadId, upstream }, 'one', { clientMetadata: { a: '1' } });
    expect(added(metadataOf(await upstream.request()))).toEqual({ a: '1' });
  });
});

describe.skipIf(!hasGit)('the repository that a turn works in', () => {
  it('is told as soon as git has told of it, also from a path that is not ASCII', async () => {
    const acting = await openActing();
    await wholeTurn(acting, 'before there is a repository');
    const folder = join(acting.folder, 'données');
    mkdirSync(folder);
    git(folder, 'init', '--quiet');
    git(folder, 'remote', 'add', 'origin', 'https://ada:secret@example.com/roses.git');
    const sha = commit(folder);
    const turnId = await startTurn(acting, 'go', { cwd: folder });
    // Asks again and again, until git has answered.
    let request = await acting.upstream.request(1);
    for (let index = 2; !rawMetadata(request).includes('workspaces'); index += 1) {
      request.send(exec('true', {}, `c${index}`), completed(`r${index}`));
      request.end();
      request = await acting.upstream.request(index);
    }
    request.answer('m', ['done']);
    await endOf(acting.daemon, turnId);
    expect(rawMetadata(request)).toMatch(/^[\x20-\x7e]+$/);
    expect(JSON.parse(rawMetadata(request))).toMatchObject({
      turn_id: turnId,
      workspaces: {
        [folder]: {
          associated_remote_urls: { origin: 'https://example.com/roses.git' },
          latest_git_commit_hash: sha,
          has_changes: false,
        },
      },
    });
    expect(rawMetadata(await acting.upstream.request())).not.toContain('workspaces');
  });
});

function rawMetadata({ headers }: { readonly headers: IncomingHttpHeaders }): string {
  return headers['x-codex-turn-metadata'] as string;
}

describe('by WebSocket', () => {
  const provider = 'supports_websockets = true';

  it('one connection is prepared, and serves two turns with what is new alone', async () => {
    const thread = await openThread({ provider });
    const { daemon, threadId, upstream } = thread;
    const prepared = await upstream.frame();
    expect(prepared.body).toMatchObject({ type: 'response.create', generate: false, input: [] });
    expect(metadataIn(prepared.body)).toEqual({
      session_id: threadId,
      thread_id: threadId,
      turn_id: '',
      sandbox: expect.any(String),
    });
    prepared.send({ type: 'response.completed', response: { id: 'warm' } });

    const first = await startTurn(thread, 'one', { clientMetadata: { a: 'é' } });
    const firstFrame = await upstream.frame(1);
    expect(firstFrame.body).toMatchObject({ type: 'response.create', previous_response_id: 'warm' });
    expect(firstFrame.body).not.toHaveProperty('generate');
    expect(firstFrame.input).toHaveLength(3);
    expect(firstFrame.input.at(-1)).toEqual(user('one'));
    expect(metadataIn(firstFrame.body)).toEqual({
      session_id: threadId,
      thread_id: threadId,
      turn_id: first,
      sandbox: expect.any(String),
      turn_started_at_unix_ms: expect.any(Number),
      a: 'é',
    });
    const clientMetadata = firstFrame.body['client_metadata'] as Record<string, string>;
    expect(clientMetadata['x-codex-turn-metadata']).toMatch(/^[\x20-\x7e]+$/);
    expect(clientMetadata['x-codex-window-id']).toBe(`${threadId}:0`);
    await steer(thread, first, 'more', { clientMetadata: { b: '2' } });
    firstFrame.answer('m1', ['ok']);
    const steered = await upstream.frame(2);
    expect(steered.body['previous_response_id']).toBe('resp-m1');
    expect(steered.input).toEqual([user('more')]);
    expect(added(metadataIn(steered.body))).toEqual({ b: '2' });
    steered.answer('m2', ['ok']);
    expect((await endOf(daemon, first))['status']).toBe('completed');

    const second = await startTurn(thread, 'two');
    const last = await upstream.frame(3);
    expect(last.body['previous_response_id']).toBe('resp-m2');
    expect(last.input).toEqual([user('two')]);
    expect(added(metadataIn(last.body))).toEqual({});
    last.answer('m3', ['ok']);
    expect((await endOf(daemon, second))['status']).toBe('completed');
    expect(upstream.handshakes).toHaveLength(1);
    expect(upstream.handshakes[0]).toMatchObject({
      url: '/v1/responses',
      headers: { authorization: 'Bearer test-token', originator: 'test', session_id: threadId },
    });
    expect(upstream.requests).toEqual([]);
  });
});

function metadataIn(body: Readonly<Record<string, unknown>>): Metadata {
  const clientMetadata = body['client_metadata'] as Record<string, string>;
  return withoutWorkspaces(JSON.parse(clientMetadata['x-codex-turn-metadata'] as string) as Metadata);
}
