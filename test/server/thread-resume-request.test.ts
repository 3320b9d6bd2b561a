import { describe, expect, it } from 'vitest';
import { completed, itemDone } from '../support/responses-upstream.ts';
import type { UpstreamRequest } from '../support/responses-upstream.ts';
import {
  contextLine,
  encoded,
  encodedEvent,
  FIXTURE_ID,
  FIXTURE_TURN,
  linesOf,
  message,
  metaLine,
  openDaemon,
  openStored,
  place,
  restart,
  storedPath,
  turnLines,
} from './stored.ts';
import type { StoredThread } from './stored.ts';
import { assistant, endOf, layout, startTurn, text, user, wholeTurn, wordsOf } from './turns.ts';

/** Restarts, resumes, and gives the request of one more turn. */
async function requestAfter(
  stored: StoredThread,
  params: object = {},
): Promise<StoredThread & { request: UpstreamRequest }> {
  const again = await restart(stored);
  await again.daemon.request('thread/resume', { threadId: stored.threadId, ...params });
  const { index } = await wholeTurn(again, 'again');
  return { ...again, request: await again.upstream.request(index) };
}

/** What the model is given in the turn after a resume of lines that somebody else wrote. */
async function requestOn(...lines: readonly string[]): Promise<UpstreamRequest> {
  const { daemon, upstream } = await openDaemon();
  place(storedPath(daemon.home), metaLine(), ...lines);
  await daemon.request('thread/resume', { threadId: FIXTURE_ID });
  await wholeTurn({ daemon, upstream, threadId: FIXTURE_ID }, 'again');
  return upstream.request();
}

function windowOf({ headers }: UpstreamRequest): string {
  return String(headers['x-codex-window-id']);
}

/** The items that are no context of today's. */
function said({ input }: UpstreamRequest): string[] {
  return layout(input).filter((place) => place !== 'developer' && place !== 'environment');
}

describe('the first request after a resume', () => {
  it('carries all that was said once, in one conversation with what was before', async () => {
    const stored = await openStored();
    await wholeTurn(stored, 'one');
    await wholeTurn(stored, 'two');
    const before = await stored.upstream.request(1);
    const { request, threadId } = await requestAfter(stored);
    expect(request.body).toEqual({
      ...before.body,
      input: [...before.input, assistant('answer 1'), user('again')],
    });
    expect(request.headers).toMatchObject({
      session_id: threadId,
      'x-client-request-id': threadId,
      'x-codex-window-id': `${threadId}:0`,
    });
  });

  it('says the same again after a second resume', async () => {
    const stored = await openStored();
    await wholeTurn(stored, 'one');
    const first = await requestAfter(stored);
    const second = await requestAfter(first);
    expect(second.request.input).toEqual([...first.request.input, assistant('answer 1'), user('again')]);
  });

  it('carries reasoning and calls with their outputs', async () => {
    const stored = await openStored();
    const turnId = await startTurn(stored, 'one');
    const reasoning = { type: 'reasoning', summary: [], encrypted_content: 'c2VjcmV0' };
    const call = { type: 'function_call', name: 'shell', arguments: '{}', call_id: 'c1' };
    const request = await stored.upstream.request();
    request.send(itemDone({ ...reasoning, id: 'rs1' }), itemDone({ ...call, id: 'fc1' }), completed('r'));
    request.end();
    const follow = await stored.upstream.request(1);
    follow.answer('m1', ['done']);
    await endOf(stored.daemon, turnId);
    const after = await requestAfter(stored);
    expect(after.request.input).toEqual([...follow.input, assistant('done'), user('again')]);
  });

  it('carries what was said in a turn that was interrupted, and that it was', async () => {
    const stored = await openStored();
    const { daemon, threadId, upstream } = stored;
    const turnId = await startTurn(stored, 'one');
    await upstream.request();
    await daemon.request('turn/interrupt', { threadId, turnId });
    await endOf(daemon, turnId);
    const { request } = await requestAfter(stored);
    expect(layout(request.input)).toEqual([
      'developer',
      'environment',
      'user: one',
      'aborted',
      'user: again',
    ]);
  });

  it('carries what was said in a turn that failed', async () => {
    const stored = await openStored();
    const turnId = await startTurn(stored, 'one');
    (await stored.upstream.request()).refuse(400, 'no');
    await endOf(stored.daemon, turnId);
    const { request } = await requestAfter(stored);
    expect(said(request)).toEqual(['user: one', 'user: again']);
  });

  it('carries what was said in a turn whose daemon was stopped', async () => {
    const stored = await openStored();
    await startTurn(stored, 'one');
    (await stored.upstream.request()).begin('m0', ['half']);
    await stored.daemon.waitForNotification('item/agentMessage/delta');
    const { request } = await requestAfter(stored);
    expect(said(request)).toEqual(['user: one', 'aborted', 'user: again']);
  });

  it('goes on with the instructions of the thread, and not with the present ones', async () => {
    const stored = await openStored({ thread: { baseInstructions: 'Be a gardener.' } });
    await wholeTurn(stored, 'one');
    const { request } = await requestAfter(stored);
    expect(request.body['instructions']).toBe('Be a gardener.');
    const other = await openStored({ thread: { baseInstructions: 'Be a gardener.' } });
    await wholeTurn(other, 'one');
    const overridden = await requestAfter(other, { baseInstructions: 'Be a cook.' });
    expect(overridden.request.body['instructions']).toBe('Be a cook.');
  });

  it('goes on without instructions where the thread had none', async () => {
    const stored = await openStored({ thread: { baseInstructions: '' } });
    await wholeTurn(stored, 'one');
    const { request } = await requestAfter(stored);
    const first = await stored.upstream.request();
    expect(request.body['instructions']).toEqual(first.body['instructions']);
  });

  it('asks the model of the thread for its effort', async () => {
    const stored = await openStored();
    await wholeTurn(stored, 'one', { model: 'gpt-5.4', effort: 'high' });
    const { request } = await requestAfter(stored);
    expect(request.body).toMatchObject({ model: 'gpt-5.4', reasoning: { effort: 'high' } });
    expect(layout(request.input)).toEqual([
      'developer',
      'environment',
      'user: one',
      'assistant: answer 0',
      'user: again',
    ]);
  });

  for (const [what, params, added] of [
    ['another model', { model: 'gpt-5.4' }, ['developer(switch)']],
    ['another sandbox', { sandbox: 'danger-full-access' }, ['developer']],
    ['another consent', { approvalPolicy: 'never' }, ['developer']],
    ['another folder', { cwd: '/elsewhere' }, ['environment']],
    ['another tone', { personality: 'friendly' }, ['developer']],
  ] as const) {
    it(`tells the model of ${what}, and of nothing else`, async () => {
      const stored = await openStored();
      await wholeTurn(stored, 'one');
      const { request } = await requestAfter(stored, params);
      const before = (await stored.upstream.request()).input.length + 1;
      expect(layout(request.input.slice(before))).toEqual([...added, 'user: again']);
      expect(request.body['instructions']).toEqual((await stored.upstream.request()).body['instructions']);
    });
  }

  it('tells the model of another day and zone than in the last turn', async () => {
    const { daemon, upstream } = await openDaemon({ env: { TZ: 'Europe/Berlin' } });
    const lines = [
      encodedEvent('task_started', { turn_id: 'u' }),
      encoded('response_item', message('user', '<environment_context>\nold\n</environment_context>')),
      contextLine('u', { approval_policy: 'on-request' }),
      encoded('response_item', message('user', 'one')),
      encodedEvent('user_message', { message: 'one' }),
      encodedEvent('task_complete', { turn_id: 'u' }),
    ];
    place(storedPath(daemon.home), metaLine(), ...lines);
    await daemon.request('thread/resume', { threadId: FIXTURE_ID });
    await wholeTurn({ daemon, upstream, threadId: FIXTURE_ID }, 'again');
    const { input } = await upstream.request();
    expect(layout(input)).toEqual(['environment', 'user: one', 'environment', 'user: again']);
    expect(wordsOf(input[2])).toContain('<timezone>Europe/Berlin</timezone>');
    expect(wordsOf(input[2])).not.toContain('<cwd>');
  });
});

describe('a resume after a compaction', () => {
  /** A thread whose history was compacted after its first turn. */
  async function openCompacted(): Promise<StoredThread> {
    const stored = await openStored({ top: 'compact_prompt = "Sum up."' });
    const { daemon, threadId, upstream } = stored;
    await wholeTurn(stored, 'one');
    await daemon.request('thread/compact/start', { threadId });
    (await upstream.request(1)).answer('s1', ['a summary']);
    await daemon.waitForNotification(
      'turn/completed',
      () => daemon.notifications('turn/completed').length === 2,
    );
    return stored;
  }

  it('goes on from what took the place of the history, in the window that it began', async () => {
    const stored = await openCompacted();
    const { request, threadId } = await requestAfter(stored);
    expect(layout(request.input)).toEqual([
      'user: one',
      'summary: a summary',
      'developer',
      'environment',
      'user: again',
    ]);
    expect(windowOf(request)).toBe(`${threadId}:1`);
  });

  it('goes on from what was said behind it as well', async () => {
    const stored = await openCompacted();
    await wholeTurn(stored, 'two');
    const { request, threadId } = await requestAfter(stored);
    expect(layout(request.input)).toEqual([
      'user: one',
      'summary: a summary',
      'developer',
      'environment',
      'user: two',
      'assistant: answer 2',
      'user: again',
    ]);
    expect(windowOf(request)).toBe(`${threadId}:1`);
  });

  it('counts on after another one', async () => {
    const first = await requestAfter(await openCompacted());
    const { daemon, threadId, upstream } = first;
    const index = upstream.requests.length;
    await daemon.request('thread/compact/start', { threadId });
    (await upstream.request(index)).answer('s2', ['another summary']);
    await daemon.until('the end', () =>
      daemon.notifications('turn/completed').length === 2 ? true : undefined,
    );
    const { request } = await requestAfter(first);
    expect(layout(request.input).slice(0, 3)).toEqual([
      'user: one',
      'user: again',
      'summary: another summary',
    ]);
    expect(windowOf(request)).toBe(`${threadId}:2`);
  });

  it('goes on from a summary alone, as old files have it', async () => {
    const request = await requestOn(
      turnLines(`${FIXTURE_TURN}1`, { words: 'one', answer: 'first' }),
      encoded('compacted', { message: 'The conversation before this point was summarised to\nold words' }),
      turnLines(`${FIXTURE_TURN}2`, { words: 'two', answer: 'second' }),
    );
    expect(said(request)).toEqual([
      'user: one',
      'summary: old words',
      'user: two',
      'assistant: second',
      'user: again',
    ]);
    expect(windowOf(request)).toBe(`${FIXTURE_ID}:1`);
  });
});

describe('a resume of lines that somebody else wrote', () => {
  it('gives the model what they hold, without what was rolled back', async () => {
    const request = await requestOn(
      turnLines(`${FIXTURE_TURN}1`, { words: 'one', answer: 'first' }),
      turnLines(`${FIXTURE_TURN}2`, { words: 'two', answer: 'second' }),
      encodedEvent('thread_rolled_back', { num_turns: 1 }),
      turnLines(`${FIXTURE_TURN}3`, { words: 'three', answer: 'third' }),
    );
    expect(said(request)).toEqual([
      'user: one',
      'assistant: first',
      'user: three',
      'assistant: third',
      'user: again',
    ]);
    expect(request.body).toMatchObject({ instructions: 'Be brief.', model: 'gpt-5.5' });
  });

  it('answers a call that nobody answered, so that the provider takes the history', async () => {
    const request = await requestOn(
      turnLines(`${FIXTURE_TURN}1`, { words: 'one', isOpen: true }),
      encoded('response_item', { type: 'function_call', name: 'shell', arguments: '{}', call_id: 'c1' }),
    );
    const types = request.input.map(({ type }) => type);
    const at = types.indexOf('function_call');
    expect(types[at + 1]).toBe('function_call_output');
    expect(request.input[at + 1]).toMatchObject({ call_id: 'c1' });
  });

  it('leaves out items that are not known here, and keeps their lines', async () => {
    const { daemon, upstream } = await openDaemon();
    const unknown = encoded('response_item', { type: 'telepathy_call', thought: 'roses' });
    const path = place(
      storedPath(daemon.home),
      metaLine(),
      turnLines(`${FIXTURE_TURN}1`, { words: 'one', answer: 'first' }),
      unknown,
      encoded('world_state', { full: true }),
    );
    await daemon.request('thread/resume', { threadId: FIXTURE_ID });
    await wholeTurn({ daemon, upstream, threadId: FIXTURE_ID }, 'again');
    expect(said(await upstream.request())).toEqual(['user: one', 'assistant: first', 'user: again']);
    const types = linesOf(path).map(({ payload, type }) => payload['type'] ?? type);
    expect(types).toContain('telepathy_call');
    expect(types).toContain('world_state');
  });

  it('tells the model where it works if it has not been told yet', async () => {
    const request = await requestOn(
      encodedEvent('user_message', { message: 'one' }),
      encoded('response_item', message('user', 'one')),
    );
    expect(layout(request.input)).toEqual(['user: one', 'developer', 'environment', 'user: again']);
  });
});

describe('what the client sends to a resumed thread', () => {
  it('can steer and interrupt its turns as ever', async () => {
    const stored = await openStored();
    await wholeTurn(stored, 'one');
    const { daemon, threadId, upstream } = await restart(stored);
    await daemon.request('thread/resume', { threadId });
    const turnId = await startTurn({ daemon, threadId }, 'two');
    const request = await upstream.request(1);
    await daemon.request('turn/steer', { threadId, expectedTurnId: turnId, input: [text('also')] });
    request.answer('m1', ['half']);
    expect(layout((await upstream.request(2)).input).slice(-2)).toEqual(['assistant: half', 'user: also']);
    await daemon.request('turn/interrupt', { threadId, turnId });
    expect((await endOf(daemon, turnId))['status']).toBe('interrupted');
  });
});
