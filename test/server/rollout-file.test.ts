import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { completed, itemDone } from '../support/responses-upstream.ts';
import { event, line, linesOf, message, openStored, storedUsage } from './stored.ts';
import type { Line, StoredOptions, StoredThread } from './stored.ts';
import { endOf, startTurn, text, UUID, wholeTurn, wordsOf } from './turns.ts';

/** The lines that belong to one turn, and what they say, with the times left open. */
function linesOfTurn({ folder, path }: StoredThread, turnId: string) {
  const context = {
    turn_id: turnId,
    cwd: folder,
    current_date: expect.stringMatching(/^\d{4}-\d\d-\d\d$/),
    timezone: 'UTC',
    approval_policy: 'on-request',
    sandbox_policy: { type: 'read-only' },
    model: 'gpt-5.5',
    collaboration_mode: {
      mode: 'default',
      settings: { model: 'gpt-5.5', reasoning_effort: null, developer_instructions: null },
    },
    realtime_active: false,
    summary: 'auto',
    truncation_policy: { mode: 'bytes', limit: 10_000 },
  };
  const item = (id: unknown, payload: object | null = null): object =>
    line('thread_item', { turn_id: turnId, id, item: payload });
  return {
    lines: linesOf(path),
    item,
    started: event('task_started', {
      turn_id: turnId,
      started_at: expect.any(Number),
      model_context_window: 258_400,
      collaboration_mode_kind: 'default',
    }),
    context: (more: object = {}) => line('turn_context', { ...context, ...more }),
    user: (words: string): object[] => [
      line('response_item', message('user', words)),
      item(expect.stringMatching(UUID)),
      event('user_message', { message: words, images: [], local_images: [], text_elements: [] }),
    ],
    agent: (id: string, words: string): object[] => [
      item(id),
      event('agent_message', { message: words, phase: null, memory_citation: null }),
      line('response_item', message('assistant', words)),
    ],
    usage: (count: number): object =>
      event('token_count', { info: count === 0 ? null : storedUsage(count), rate_limits: null }),
    complete: (words: string | null, firstToken: unknown = expect.any(Number)): object =>
      event('task_complete', {
        turn_id: turnId,
        last_agent_message: words,
        completed_at: expect.any(Number),
        duration_ms: expect.any(Number),
        time_to_first_token_ms: firstToken,
      }),
    aborted: event('turn_aborted', {
      turn_id: turnId,
      reason: 'interrupted',
      completed_at: expect.any(Number),
      duration_ms: expect.any(Number),
    }),
  };
}

/** The lines with which every thread begins, before its first turn tells where it works. */
function firstLine({ folder, threadId }: StoredThread, more: object = {}): object {
  return line('session_meta', {
    id: threadId,
    timestamp: expect.stringMatching(/Z$/),
    cwd: folder,
    originator: 'test',
    cli_version: '0.130.0',
    source: 'vscode',
    model_provider: 'test',
    base_instructions: { text: expect.stringMatching(/./) },
    ...more,
  });
}

const SURROUNDINGS = [
  line('response_item', message('developer', expect.stringMatching(/^<permissions/) as string)),
  line('response_item', message('user', expect.stringMatching(/^<environment_context>/) as string)),
];

/** A thread with a first turn, so that what follows stands alone. */
async function openWithTurn(options?: StoredOptions): Promise<StoredThread & { before: number }> {
  const thread = await openStored(options);
  await wholeTurn(thread, 'one');
  return { ...thread, before: linesOf(thread.path).length };
}

function mode(path: string): number {
  return statSync(path).mode & 0o777;
}

function events(lines: readonly Line[], type: string): Readonly<Record<string, unknown>>[] {
  return lines.map(({ payload }) => payload).filter((payload) => payload['type'] === type);
}

/** The second of a moment as a file's name tells it, in a zone that is five and three quarter hours ahead. */
function stampInNepal(timestamp: string): string {
  return new Date(Date.parse(timestamp) + 5.75 * 3_600_000).toISOString().slice(0, 19).replaceAll(':', '-');
}

describe('the file of a thread', () => {
  it('is named after the local time of its creation, and readable for nobody else', async () => {
    const thread = await openStored({ env: { TZ: 'Asia/Kathmandu' } });
    const { daemon, path, threadId } = thread;
    await wholeTurn(thread, 'one');
    const stamp = stampInNepal(String(linesOf(path)[0]?.payload['timestamp']));
    const folders = stamp.slice(0, 10).split('-');
    expect(path).toBe(join(daemon.home, 'sessions', ...folders, `rollout-${stamp}-${threadId}.jsonl`));
    expect(mode(path)).toBe(0o600);
    for (let folder = dirname(path); folder !== daemon.home; folder = dirname(folder)) {
      expect(mode(folder), folder).toBe(0o700);
    }
  });

  it('is not there before the first message', async () => {
    const { daemon, path, threadId } = await openStored();
    await daemon.request('thread/read', { threadId });
    expect(existsSync(path)).toBe(false);
    expect(existsSync(join(daemon.home, 'sessions'))).toBe(false);
  });

  it('is not there for a thread that is not to be kept', async () => {
    const thread = await openStored({ thread: { ephemeral: true } });
    expect(thread.path).toBeNull();
    await wholeTurn(thread, 'one');
    expect(existsSync(join(thread.daemon.home, 'sessions'))).toBe(false);
  });

  it('holds two turns in the order of the reference', async () => {
    const thread = await openStored();
    const first = await wholeTurn(thread, 'one');
    const second = await wholeTurn(thread, 'two');
    const one = linesOfTurn(thread, first.turnId);
    const two = linesOfTurn(thread, second.turnId);
    expect(one.lines).toEqual([
      firstLine(thread),
      one.started,
      ...SURROUNDINGS,
      one.context(),
      ...one.user('one'),
      one.usage(0),
      ...one.agent('m0', 'answer 0'),
      one.usage(1),
      one.complete('answer 0'),
      two.started,
      two.context(),
      ...two.user('two'),
      two.usage(1),
      ...two.agent('m1', 'answer 1'),
      two.usage(2),
      two.complete('answer 1'),
    ]);
  });

  it('says when each line was written, in ascending order', async () => {
    const thread = await openWithTurn();
    await wholeTurn(thread, 'two');
    const times = linesOf(thread.path).map(({ timestamp }) => timestamp);
    expect(times).toEqual(times.toSorted());
    const [meta] = linesOf(thread.path);
    expect(String(meta?.payload['timestamp']) <= String(times[0])).toBe(true);
  });

  it('keeps what the thread was started with', async () => {
    const thread = await openStored({
      thread: { threadSource: 'user', baseInstructions: 'Be a gardener.', personality: 'friendly' },
    });
    const { turnId } = await wholeTurn(thread, 'one', { effort: 'low', model: 'gpt-5.4' });
    const { context, lines } = linesOfTurn(thread, turnId);
    expect(lines[0]).toEqual(
      firstLine(thread, { thread_source: 'user', base_instructions: { text: 'Be a gardener.' } }),
    );
    expect(lines.find(({ type }) => type === 'turn_context')).toEqual(
      context({
        effort: 'low',
        model: 'gpt-5.4',
        personality: 'friendly',
        collaboration_mode: {
          mode: 'default',
          settings: { model: 'gpt-5.4', reasoning_effort: 'low', developer_instructions: null },
        },
      }),
    );
  });

  it('tells the model again only what has changed, and keeps that in its place', async () => {
    const thread = await openWithTurn();
    const { turnId } = await wholeTurn(thread, 'two', { sandboxPolicy: { type: 'dangerFullAccess' } });
    const two = linesOfTurn(thread, turnId);
    expect(two.lines.slice(thread.before)).toEqual([
      two.started,
      SURROUNDINGS[0],
      two.context({ sandbox_policy: { type: 'danger-full-access' } }),
      ...two.user('two'),
      two.usage(1),
      ...two.agent('m1', 'answer 1'),
      two.usage(2),
      two.complete('answer 1'),
    ]);
  });

  it('holds what a message has beside text', async () => {
    const thread = await openStored();
    const turnId = await startTurn(thread, '', {
      input: [
        { type: 'text', text: 'é see ', text_elements: [] },
        {
          type: 'text',
          text: '@file',
          text_elements: [{ byteRange: { start: 0, end: 5 }, placeholder: '[file]' }],
        },
        { type: 'image', url: 'data:image/png;base64,AAAA' },
        { type: 'localImage', path: '/nowhere/shot.png' },
      ],
    });
    (await thread.upstream.request()).answer('m0', ['seen']);
    await endOf(thread.daemon, turnId);
    expect(events(linesOf(thread.path), 'user_message')).toEqual([
      {
        type: 'user_message',
        message: 'é see @file',
        images: ['data:image/png;base64,AAAA'],
        local_images: ['/nowhere/shot.png'],
        text_elements: [{ byte_range: { start: 7, end: 12 }, placeholder: '[file]' }],
      },
    ]);
  });

  it('holds reasoning and calls as they came, each in its place', async () => {
    const thread = await openWithTurn();
    const turnId = await startTurn(thread, 'two');
    const reasoning = {
      type: 'reasoning',
      summary: [
        { type: 'summary_text', text: 'First.' },
        { type: 'summary_text', text: 'Second.' },
      ],
      content: [{ type: 'reasoning_text', text: 'raw' }],
      encrypted_content: 'c2VjcmV0',
    };
    const call = { type: 'function_call', name: 'shell', arguments: '{}', call_id: 'c1' };
    const request = await thread.upstream.request(1);
    request.send(itemDone({ ...reasoning, id: 'rs1' }), itemDone({ ...call, id: 'fc1' }), completed('r'));
    request.end();
    (await thread.upstream.request(2)).answer('m2', ['done']);
    await endOf(thread.daemon, turnId);
    const two = linesOfTurn(thread, turnId);
    expect(two.lines.slice(thread.before)).toEqual([
      two.started,
      two.context(),
      ...two.user('two'),
      two.usage(1),
      two.item('rs1'),
      event('agent_reasoning', { text: 'First.' }),
      event('agent_reasoning', { text: 'Second.' }),
      event('agent_reasoning_raw_content', { text: 'raw' }),
      line('response_item', reasoning),
      line('response_item', call),
      two.usage(2),
      line('response_item', {
        type: 'function_call_output',
        call_id: 'c1',
        output: expect.stringMatching(/./),
      }),
      ...two.agent('m2', 'done'),
      two.usage(3),
      two.complete('done'),
    ]);
  });

  it('holds an item that the reference writes no line for as clients saw it', async () => {
    const thread = await openWithTurn();
    const turnId = await startTurn(thread, 'two');
    const search = {
      type: 'web_search_call',
      id: 'ws1',
      status: 'completed',
      action: { type: 'search', query: 'roses' },
    };
    const request = await thread.upstream.request(1);
    request.send(itemDone(search), completed('r'));
    request.end();
    await endOf(thread.daemon, turnId);
    const told = thread.daemon
      .notifications('item/completed')
      .map(({ params }) => params?.['item'] as { type: string; id: string })
      .find(({ type }) => type === 'webSearch');
    expect(told).toBeDefined();
    const { item, lines } = linesOfTurn(thread, turnId);
    expect(lines.slice(thread.before).filter(({ type }) => type === 'thread_item')).toContainEqual(
      item('ws1', told ?? null),
    );
  });

  it('holds a message that came into a running turn where the model was given it', async () => {
    const thread = await openWithTurn();
    const { daemon, threadId, upstream } = thread;
    const turnId = await startTurn(thread, 'two');
    const request = await upstream.request(1);
    await daemon.request('turn/steer', { threadId, expectedTurnId: turnId, input: [text('also')] });
    request.answer('m1', ['half']);
    (await upstream.request(2)).answer('m2', ['all']);
    await endOf(daemon, turnId);
    const two = linesOfTurn(thread, turnId);
    expect(two.lines.slice(thread.before)).toEqual([
      two.started,
      two.context(),
      ...two.user('two'),
      two.usage(1),
      ...two.agent('m1', 'half'),
      two.usage(2),
      ...two.user('also'),
      ...two.agent('m2', 'all'),
      two.usage(3),
      two.complete('all'),
    ]);
  });

  it('says that a turn was interrupted, and what the model is told of it', async () => {
    const thread = await openWithTurn();
    const { daemon, threadId, upstream } = thread;
    const turnId = await startTurn(thread, 'two');
    (await upstream.request(1)).begin('m1', ['half a']);
    await daemon.waitForNotification('item/agentMessage/delta', ({ delta }) => delta === 'half a');
    await daemon.request('turn/interrupt', { threadId, turnId });
    await endOf(daemon, turnId);
    const two = linesOfTurn(thread, turnId);
    const lines = two.lines.slice(thread.before);
    expect(lines.slice(0, 5)).toEqual([two.started, two.context(), ...two.user('two')]);
    expect(lines.slice(-2)).toEqual([
      line('response_item', message('user', expect.stringMatching(/^<turn_aborted>/) as string)),
      two.aborted,
    ]);
  });

  it('says that a turn failed and why, and ends it as the reference does', async () => {
    const thread = await openWithTurn();
    const turnId = await startTurn(thread, 'two');
    (await thread.upstream.request(1)).refuse(400, 'no such thing');
    const end = await endOf(thread.daemon, turnId);
    expect(end['status']).toBe('failed');
    const two = linesOfTurn(thread, turnId);
    expect(two.lines.slice(thread.before)).toEqual([
      two.started,
      two.context(),
      ...two.user('two'),
      two.usage(1),
      line('turn_failed', { turn_id: turnId, error: end['error'] }),
      two.complete(null, null),
    ]);
  });

  it('holds what took the place of the history after a compaction', async () => {
    const thread = await openWithTurn({ top: 'compact_prompt = "Sum up."' });
    const { daemon, threadId, upstream } = thread;
    await daemon.request('thread/compact/start', { threadId });
    (await upstream.request(1)).answer('s1', ['a summary']);
    const item = await daemon.waitForNotification(
      'item/completed',
      ({ item: of }) => (of as { type: string }).type === 'contextCompaction',
    );
    const turnId = String(item['turnId']);
    await endOf(daemon, turnId);
    const after = await wholeTurn(thread, 'two');
    const compaction = linesOfTurn(thread, turnId);
    const two = linesOfTurn(thread, after.turnId);
    const { input } = await upstream.request(after.index);
    const summary = wordsOf(input[1]);
    const lines = two.lines.slice(thread.before);
    const estimate = { ...storedUsage(2), last_token_usage: expect.any(Object) as object };
    const usage = event('token_count', { info: estimate, rate_limits: null });
    expect(lines).toEqual([
      compaction.started,
      compaction.usage(2),
      line('compacted', {
        message: summary,
        replacement_history: [message('user', 'one'), message('user', summary)],
      }),
      usage,
      compaction.item((item['item'] as { id: string }).id),
      event('context_compacted'),
      compaction.complete(null),
      two.started,
      ...SURROUNDINGS,
      two.context(),
      ...two.user('two'),
      usage,
      ...two.agent(`m${after.index}`, `answer ${after.index}`),
      two.usage(3),
      two.complete(`answer ${after.index}`),
    ]);
  });

  it('holds what the model was given, item by item', async () => {
    const thread = await openWithTurn();
    await wholeTurn(thread, 'two');
    await wholeTurn(thread, 'three');
    const items = linesOf(thread.path).filter(({ type }) => type === 'response_item');
    const { input } = await thread.upstream.request(2);
    expect(items.map(({ payload }) => payload)).toEqual([...input, message('assistant', 'answer 2')]);
  });

  it('holds the whole turn when its end is told', async () => {
    const thread = await openStored();
    const turnId = await startTurn(thread, 'one');
    (await thread.upstream.request()).answer('m0', ['done']);
    await endOf(thread.daemon, turnId);
    expect(linesOf(thread.path).at(-1)).toEqual(linesOfTurn(thread, turnId).complete('done'));
  });

  it('holds no secret, no header and nothing of the environment', async () => {
    const secrets = ['key-in-the-environment', 'value-of-a-header', 'password-of-a-proxy'];
    const thread = await openStored({
      credential: 'env_key = "SOME_KEY"\nhttp_headers = { "x-secret" = "value-of-a-header" }',
      env: { SOME_KEY: 'key-in-the-environment', PRIVATE_NOTE: 'password-of-a-proxy' },
    });
    const { headers } = thread.upstream.requests[(await wholeTurn(thread, 'one')).index] ?? {};
    expect(headers).toMatchObject({
      authorization: 'Bearer key-in-the-environment',
      'x-secret': 'value-of-a-header',
    });
    const turnId = await startTurn(thread, 'two');
    (await thread.upstream.request(1)).refuse(401, 'who is it');
    await endOf(thread.daemon, turnId);
    const files = readdirSync(join(thread.daemon.home, 'sessions'), {
      recursive: true,
      withFileTypes: true,
    }).filter((entry) => entry.isFile());
    expect(files).toHaveLength(1);
    const stored = readFileSync(thread.path, 'utf8');
    for (const secret of [...secrets, 'Bearer', 'x-secret', 'SOME_KEY']) {
      expect(stored, secret).not.toContain(secret);
    }
  });

  it('begins with the repository of the folder, without the password of its remote', async () => {
    const thread = await openStored();
    const git = (...words: string[]): string =>
      execFileSync('git', words, { cwd: thread.folder, encoding: 'utf8' }).trim();
    git('init', '-q', '-b', 'roses');
    git('remote', 'add', 'origin', 'https://ada:hunter2@example.org/garden.git');
    git('-c', 'user.name=a', '-c', 'user.email=a@b', 'commit', '-q', '--allow-empty', '-m', 'first');
    const commit_hash = git('rev-parse', 'HEAD');
    await wholeTurn(thread, 'one');
    expect(linesOf(thread.path)[0]).toEqual(
      firstLine(thread, {
        git: { commit_hash, branch: 'roses', repository_url: 'https://example.org/garden.git' },
      }),
    );
  });
});
