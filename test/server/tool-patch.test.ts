import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, renameSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { WireMessage } from '../support/daemon.ts';
import { itemDone } from '../support/responses-upstream.ts';
import type { UpstreamEvent } from '../support/responses-upstream.ts';
import {
  beginCalls,
  call,
  exec,
  exitOf,
  itemEnd,
  openActing,
  outputOf,
  question,
  questions,
  wholeCalls,
} from './acting.ts';
import type { Acting } from './acting.ts';
import { ACTIVE, endOf, IDLE, script, textElement, times, wholeTurn } from './turns.ts';

const WAITING = { type: 'active', activeFlags: ['waitingOnApproval'] };

function adds(path: string, words = 'hello'): string {
  return `*** Begin Patch\n*** Add File: ${path}\n+${words}\n*** End Patch`;
}

function patch(input: string, callId = 'c1'): UpstreamEvent {
  return call('apply_patch', { input }, callId);
}

function changesOf({ daemon }: Acting): WireMessage[] {
  return daemon.notifications().filter(({ params }) => JSON.stringify(params).includes('fileChange'));
}

describe('a patch within the roots', () => {
  it('in a repository is told with the paths that it has there', async () => {
    const acting = await openActing({ sandbox: 'workspace-write' });
    mkdirSync(join(acting.outside, '.git'));
    await wholeCalls(acting, [patch(adds('a.txt'))]);
    const [told] = acting.daemon.notifications('turn/diff/updated');
    expect(told?.params?.['diff']).toMatch(/^diff --git a\/work\/a\.txt b\/work\/a\.txt\n/);
  });

  it('is applied unasked, and told as an item and as the difference that the turn makes', async () => {
    const acting = await openActing({ sandbox: 'workspace-write', approvals: 'on-request' });
    const { daemon, folder, threadId } = acting;
    const { before, next, turnId } = await beginCalls(acting, [patch(adds('a.txt'))]);
    await daemon.waitForNotification('turn/diff/updated');
    const request = await next();
    expect(exitOf(outputOf(request))).toEqual([0, 'The patch is applied. These files changed:\nA a.txt\n']);
    expect(readFileSync(join(folder, 'a.txt'), 'utf8')).toBe('hello\n');
    request.answer('m1', ['done']);
    await endOf(daemon, turnId);
    const told = script(threadId, turnId);
    const change = { path: join(folder, 'a.txt'), kind: { type: 'add' }, diff: 'hello\n' };
    const item = (status: string): object => ({ type: 'fileChange', id: 'c1', changes: [change], status });
    const diff = {
      method: 'turn/diff/updated',
      params: {
        threadId,
        turnId,
        diff: expect.stringMatching(/^diff --git a\/a\.txt b\/a\.txt\n[^]*\+hello\n$/),
      },
    };
    expect(daemon.messages.slice(before + 1)).toEqual([
      told.status(ACTIVE),
      told.started,
      ...told.input(textElement('go')),
      told.limits(),
      told.itemStarted(item('inProgress')),
      told.itemCompleted(item('completed')),
      diff,
      told.usage(),
      diff,
      told.limits(),
      ...told.answer('m1', ['done']),
      told.usage(times(2)),
      diff,
      told.status(IDLE),
      told.completed('completed'),
    ]);
  });

  it('adds, changes, moves and deletes', async () => {
    const acting = await openActing({ sandbox: 'workspace-write' });
    const { folder } = acting;
    for (const name of ['change', 'move', 'gone']) writeFileSync(join(folder, name), 'one\ntwo\nthree\n');
    const { request } = await wholeCalls(acting, [
      patch(
        [
          '*** Begin Patch',
          '*** Update File: change',
          '@@',
          ' one',
          '-two',
          '+2',
          ' three',
          '*** Update File: move',
          '*** Move to: moved',
          '@@',
          '-one',
          '+1',
          '*** Delete File: gone',
          '*** End Patch',
        ].join('\n'),
      ),
    ]);
    expect(exitOf(outputOf(request))).toEqual([
      0,
      'The patch is applied. These files changed:\nM change\nM moved\nD gone\n',
    ]);
    expect(readFileSync(join(folder, 'change'), 'utf8')).toBe('one\n2\nthree\n');
    expect(readFileSync(join(folder, 'moved'), 'utf8')).toBe('1\ntwo\nthree\n');
    expect(['move', 'gone'].filter((name) => existsSync(join(folder, name)))).toEqual([]);
    const { changes } = (await itemEnd(acting.daemon)) as { changes: { kind: object }[] };
    expect(changes.map(({ kind }) => kind)).toEqual([
      { type: 'update', move_path: null },
      { type: 'update', move_path: join(folder, 'moved') },
      { type: 'delete' },
    ]);
  });

  it.each([
    [
      'as free text',
      (text: string) =>
        itemDone({ type: 'custom_tool_call', name: 'apply_patch', input: text, call_id: 'c1', id: 'x' }),
    ],
    ['by itself', (text: string) => call('shell', { command: ['apply_patch', text] })],
    [
      'by a shell',
      (text: string) => call('shell', { command: ['bash', '-lc', `apply_patch <<'EOF'\n${text}\nEOF`] }),
    ],
    ['by a command line', (text: string) => exec(`apply_patch <<'EOF'\n${text}\nEOF\n`)],
    ['in another folder', (text: string) => exec(`cd sub && apply_patch <<'EOF'\n${text}\nEOF\n`)],
    [
      'in a folder of the call',
      (text: string) => exec(`apply_patch <<'EOF'\n${text}\nEOF\n`, { workdir: 'sub' }),
    ],
  ])('is applied where it comes %s, and never run as a command', async (where, event) => {
    const acting = await openActing({ sandbox: 'workspace-write' });
    mkdirSync(join(acting.folder, 'sub'));
    const { request, told } = await wholeCalls(acting, [event(adds('a.txt'))]);
    expect(outputOf(request)).toMatch(/^Exit code: 0\n|"exit_code":0/);
    expect(await itemEnd(acting.daemon)).toMatchObject({ type: 'fileChange', status: 'completed' });
    expect(JSON.stringify(told)).not.toContain('commandExecution');
    const file = where.includes('folder') ? 'sub/a.txt' : 'a.txt';
    expect(readFileSync(join(acting.folder, file), 'utf8')).toBe('hello\n');
  });

  it.each([
    ['no patch at all', 'hello', /^apply_patch verification failed: /],
    [
      'nothing to do',
      '*** Begin Patch\n*** End Patch',
      /^(?:patch rejected|apply_patch verification failed): /,
    ],
    [
      'a file that is not there',
      '*** Begin Patch\n*** Delete File: no\n*** End Patch',
      /^apply_patch verification failed: .*no/,
    ],
    [
      'lines that are not there',
      '*** Begin Patch\n*** Update File: here\n@@\n-never\n+ever\n*** End Patch',
      /^apply_patch verification failed: .*here/s,
    ],
  ])('with %s is refused by a text, and nothing is changed or shown', async (_name, input, expected) => {
    const acting = await openActing({ sandbox: 'workspace-write' });
    writeFileSync(join(acting.folder, 'here'), 'one\n');
    const { request } = await wholeCalls(acting, [patch(input)]);
    expect(outputOf(request)).toMatch(expected);
    expect(readFileSync(join(acting.folder, 'here'), 'utf8')).toBe('one\n');
    expect(changesOf(acting)).toEqual([]);
  });
});

/** Ways to name a file that no patch may touch unasked, by the names of the folders. */
const OUTSIDE: readonly (readonly [string, (acting: Acting) => string])[] = [
  ['..', () => '../escaped'],
  ['.. in the middle', () => 'sub/../../escaped'],
  ['an absolute path', ({ outside }) => join(outside, 'escaped')],
  ['a link to a folder', () => 'link/escaped'],
  ['a link to a file', () => 'file-link'],
  ['the folder of git', () => '.git/config'],
  ['the folder of git of a project within', () => 'sub/.git/config'],
  ['the folder of settings', ({ daemon }) => join(daemon.home, 'config.toml')],
];

async function openWithLinks(approvals: 'never' | 'on-request' | 'on-failure'): Promise<Acting> {
  const acting = await openActing({
    sandbox: 'workspace-write',
    approvals,
    // The settings lie in the folder for temporary files, which is a root here.
    thread: {},
  });
  const { folder, outside } = acting;
  for (const name of ['sub/.git', '.git']) mkdirSync(join(folder, name), { recursive: true });
  symlinkSync(outside, join(folder, 'link'));
  writeFileSync(join(outside, 'target'), 'one\n');
  symlinkSync(join(outside, 'target'), join(folder, 'file-link'));
  return acting;
}

function touching(path: string): string {
  return path === 'file-link'
    ? '*** Begin Patch\n*** Update File: file-link\n@@\n-one\n+two\n*** End Patch'
    : adds(path, 'theirs');
}

describe('a patch that leaves the roots', () => {
  it('by what is protected in a folder, or leads elsewhere than it did, is refused as for commands', async () => {
    const acting = await openActing({ sandbox: 'workspace-write' });
    const { daemon, folder, outside } = acting;
    execFileSync('git', ['init', '-q', '--separate-git-dir', join(folder, 'store'), folder]);
    for (const name of ['settings', 'other']) mkdirSync(join(folder, name));
    symlinkSync(join(folder, 'settings'), join(folder, '.codex'));
    const root = join(outside, 'root');
    mkdirSync(root);
    const sandboxPolicy = { type: 'workspaceWrite', writableRoots: [root], excludeSlashTmp: true };
    const { request } = await wholeCalls(
      acting,
      ['store/hooks/pre-commit', 'settings/config.toml', 'other/a', join(root, 'a')].map((path, index) =>
        patch(adds(path), `c${index}`),
      ),
      { sandboxPolicy: { ...sandboxPolicy, excludeTmpdirEnvVar: true } },
    );
    const refused = 'patch rejected: it writes outside the writable folders';
    expect(['c0', 'c1'].map((callId) => outputOf(request, callId))).toEqual([refused, refused]);
    expect(['c2', 'c3'].map((callId) => exitOf(outputOf(request, callId))[0])).toEqual([0, 0]);
    renameSync(root, join(outside, 'moved'));
    symlinkSync(folder, root);
    const again = await wholeCalls(acting, [patch(adds(join(root, 'b')), 'c5'), exec('touch c', {}, 'c6')]);
    expect(outputOf(again.request, 'c5')).toBe(refused);
    expect(outputOf(again.request, 'c6')).toContain(`led to ${root} before and leads to ${folder} now`);
    expect(
      ['store/hooks/pre-commit', 'settings/config.toml', 'b', 'c'].map((path) =>
        existsSync(join(folder, path)),
      ),
    ).toEqual([false, false, false, false]);
    expect(daemon.notifications('item/fileChange/requestApproval')).toEqual([]);
  });

  it.each(OUTSIDE)('by %s is refused where nobody can be asked', async (_name, pathIn) => {
    const acting = await openWithLinks('never');
    const sandboxPolicy = { type: 'workspaceWrite', writableRoots: [acting.daemon.home] };
    const more = _name === 'the folder of settings' ? { sandboxPolicy } : {};
    const { request } = await wholeCalls(acting, [patch(touching(pathIn(acting)))], more);
    expect(outputOf(request)).toMatch(/^(?:patch rejected|apply_patch verification failed): /);
    expect(existsSync(join(acting.outside, 'escaped'))).toBe(false);
    expect(readFileSync(join(acting.outside, 'target'), 'utf8')).toBe('one\n');
    expect(changesOf(acting)).toEqual([]);
  });

  it.each(['on-request', 'on-failure'] as const)(
    'is asked about under %s, and applied with consent',
    async (approvals) => {
      const acting = await openWithLinks(approvals);
      const { daemon, outside, threadId } = acting;
      const { next, turnId } = await beginCalls(acting, [patch(adds('../escaped'))]);
      const asked = await question(daemon);
      expect(asked).toEqual({
        method: 'item/fileChange/requestApproval',
        id: 0,
        params: {
          threadId,
          turnId,
          itemId: 'c1',
          startedAtMs: expect.any(Number),
          reason: `It writes outside the writable folders: ${join(outside, 'escaped')}.`,
          grantRoot: null,
        },
      });
      expect(existsSync(join(outside, 'escaped'))).toBe(false);
      daemon.write({ id: asked.id, result: { decision: 'accept' } });
      expect(exitOf(outputOf(await next()))[0]).toBe(0);
      expect(readFileSync(join(outside, 'escaped'), 'utf8')).toBe('hello\n');
    },
  );

  it('through a link says where it really goes', async () => {
    const acting = await openActing({ sandbox: 'workspace-write', approvals: 'on-request' });
    symlinkSync(acting.outside, join(acting.folder, 'link'));
    await beginCalls(acting, [patch(adds('link/escaped'))]);
    expect((await question(acting.daemon)).params).toMatchObject({
      reason: `It writes outside the writable folders: ${join(acting.outside, 'escaped')}.`,
    });
  });

  it('is asked about in a read-only sandbox, wherever it goes', async () => {
    const acting = await openActing({ sandbox: 'read-only', approvals: 'on-failure' });
    await beginCalls(acting, [patch(adds('a.txt'))]);
    await question(acting.daemon);
    expect(existsSync(join(acting.folder, 'a.txt'))).toBe(false);
  });
});

describe('the question whether files may be changed', () => {
  it('comes after the item and the status, and is followed by its end', async () => {
    const acting = await openActing({ approvals: 'untrusted' });
    const { daemon, folder, threadId } = acting;
    const { before, next, turnId } = await beginCalls(acting, [patch(adds('a.txt'))]);
    const asked = await question(daemon);
    daemon.write({ id: asked.id, result: { decision: 'accept' } });
    await daemon.waitForNotification('turn/diff/updated');
    await next();
    const told = script(threadId, turnId);
    const change = { path: join(folder, 'a.txt'), kind: { type: 'add' }, diff: 'hello\n' };
    const item = (status: string): object => ({ type: 'fileChange', id: 'c1', changes: [change], status });
    const messages = daemon.messages.slice(before + 6);
    expect(
      messages.slice(
        0,
        messages.findIndex(({ method }) => method === 'turn/diff/updated'),
      ),
    ).toEqual([
      told.itemStarted(item('inProgress')),
      told.status(WAITING),
      {
        method: 'item/fileChange/requestApproval',
        id: 0,
        params: {
          threadId,
          turnId,
          itemId: 'c1',
          startedAtMs: expect.any(Number),
          reason: null,
          grantRoot: null,
        },
      },
      { method: 'serverRequest/resolved', params: { threadId, requestId: 0 } },
      told.status(ACTIVE),
      told.itemCompleted(item('completed')),
    ]);
  });

  it('answered by acceptForSession is not asked again for the same files', async () => {
    const acting = await openActing({ approvals: 'untrusted' });
    const { daemon, folder } = acting;
    const first = await beginCalls(acting, [patch(adds('a.txt'))]);
    const asked = await question(daemon);
    daemon.write({ id: asked.id, result: { decision: 'acceptForSession' } });
    (await first.next()).answer('m1', ['done']);
    await endOf(daemon, first.turnId);
    const again = '*** Begin Patch\n*** Update File: a.txt\n@@\n-hello\n+bye\n*** End Patch';
    await wholeCalls(acting, [patch(again, 'c2')]);
    expect(readFileSync(join(folder, 'a.txt'), 'utf8')).toBe('bye\n');
    expect(questions(daemon)).toHaveLength(1);
    await beginCalls(acting, [patch(adds('b.txt'), 'c3')]);
    expect((await question(daemon, 1)).params).toMatchObject({ itemId: 'c3' });
  });

  it.each([
    [{ result: { decision: 'decline' } }],
    [{ result: { decision: 'perhaps' } }],
    [{ error: { code: 1, message: 'no' } }],
  ])('answered by %j is a no, and the turn goes on', async (answer) => {
    const acting = await openActing({ approvals: 'untrusted' });
    const { daemon, folder } = acting;
    const { next, turnId } = await beginCalls(acting, [patch(adds('a.txt'))]);
    daemon.write({ id: (await question(daemon)).id, ...answer });
    const request = await next();
    expect(outputOf(request)).toBe('patch rejected by user');
    expect(await itemEnd(daemon)).toMatchObject({ type: 'fileChange', status: 'declined' });
    expect(existsSync(join(folder, 'a.txt'))).toBe(false);
    request.answer('m1', ['as you like']);
    expect((await endOf(daemon, turnId))['status']).toBe('completed');
    expect(daemon.notifications('turn/diff')).toEqual([]);
  });

  it('answered by cancel ends the turn', async () => {
    const acting = await openActing({ approvals: 'untrusted' });
    const { daemon, folder } = acting;
    const { turnId } = await beginCalls(acting, [patch(adds('a.txt'))]);
    daemon.write({ id: (await question(daemon)).id, result: { decision: 'cancel' } });
    expect((await endOf(daemon, turnId))['status']).toBe('interrupted');
    expect(existsSync(join(folder, 'a.txt'))).toBe(false);
    await wholeTurn(acting, 'next');
  });

  it('is of no use when the files have changed meanwhile', async () => {
    const acting = await openActing({ approvals: 'untrusted' });
    const { daemon, folder } = acting;
    writeFileSync(join(folder, 'a.txt'), 'one\n');
    const text = '*** Begin Patch\n*** Update File: a.txt\n@@\n-one\n+two\n*** End Patch';
    const { next } = await beginCalls(acting, [patch(text)]);
    const asked = await question(daemon);
    writeFileSync(join(folder, 'a.txt'), 'mine\n');
    daemon.write({ id: asked.id, result: { decision: 'accept' } });
    const [code, words] = exitOf(outputOf(await next()));
    expect(code).toBe(1);
    expect(words).toContain('a.txt');
    expect(readFileSync(join(folder, 'a.txt'), 'utf8')).toBe('mine\n');
    expect(await itemEnd(daemon)).toMatchObject({ status: 'failed' });
  });
});
