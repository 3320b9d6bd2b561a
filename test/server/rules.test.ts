import {
  existsSync,
  linkSync,
  mkdirSync,
  readFileSync,
  realpathSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { TestDaemon } from '../support/daemon.ts';
import { testFolder } from '../support/folder.ts';
import {
  beginCalls,
  call,
  exec,
  hasSandbox,
  itemEnd,
  openActing,
  outputOf,
  question,
  questions,
  wholeCalls,
} from './acting.ts';
import type { Acting, ActingOptions } from './acting.ts';
import { endOf, wordsOf } from './turns.ts';

const FORBIDDEN = 'prefix_rule(["touch", "made"], "forbidden", justification="Make it by hand.")';
const PROMPT = 'prefix_rule(["touch"], "prompt", justification="It makes files.")';
const ALLOW = 'prefix_rule(["touch"])';

/** What every tool says of a command that ended well. */
const SUCCESS = /^(?:Exit code: 0|Process exited with code 0)$/m;

/** A thread whose daemon has a file with these rules. */
async function ruled(rules: string, options: ActingOptions = {}): Promise<Acting> {
  const acting = await openActing(options);
  writeRules(acting, rules);
  return acting;
}

function writeRules({ daemon }: Pick<Acting, 'daemon'>, rules: string, name = 'mine.rules'): void {
  mkdirSync(join(daemon.home, 'rules'), { recursive: true });
  writeFileSync(join(daemon.home, 'rules', name), rules);
}

function savedRules({ daemon }: Acting): string | null {
  const path = join(daemon.home, 'rules', 'default.rules');
  return existsSync(path) ? readFileSync(path, 'utf8') : null;
}

function amendment(...words: string[]): object {
  return { acceptWithExecpolicyAmendment: { execpolicy_amendment: words } };
}

/** The calls of a turn whose first command is asked about, answered with a decision that does not end the turn. */
async function decided(
  acting: Acting,
  command: ReturnType<typeof exec>,
  decision: unknown,
): Promise<unknown> {
  const index = questions(acting.daemon).length;
  const { next, turnId } = await beginCalls(acting, [command]);
  const asked = await question(acting.daemon, index);
  acting.daemon.write({ id: asked.id, result: { decision } });
  const request = await next();
  request.answer(`m${index}`, ['done']);
  await endOf(acting.daemon, turnId);
  return outputOf(request);
}

/** The same daemon with another thread. */
async function otherThread(acting: Acting): Promise<Acting> {
  const threadId = await acting.daemon.startThread({ cwd: acting.folder });
  return { ...acting, threadId };
}

describe('a command that rules', () => {
  it.each(['untrusted', 'on-request', 'never'] as const)('allow runs unasked under %s', async (approvals) => {
    const acting = await ruled(ALLOW, { approvals });
    const { request } = await wholeCalls(acting, [
      exec('touch made && touch other', {}, 'c1'),
      call('shell', { command: ['touch', 'third'] }, 'c2'),
    ]);
    expect(outputOf(request, 'c1')).toMatch(SUCCESS);
    expect(outputOf(request, 'c2')).toMatch(SUCCESS);
    expect(['made', 'other', 'third'].map((name) => existsSync(join(acting.folder, name)))).toEqual([
      true,
      true,
      true,
    ]);
    expect(questions(acting.daemon)).toEqual([]);
  });

  it.each(['untrusted', 'on-request', 'never'] as const)('forbid is refused under %s', async (approvals) => {
    const acting = await ruled(`${ALLOW}\n${FORBIDDEN}`, { approvals });
    const { request, told } = await wholeCalls(acting, [
      exec('touch other; touch made', {}, 'c1'),
      call('shell', { command: ['touch', 'made'] }, 'c2'),
    ]);
    const refusal = 'The command was refused: a rule of the user forbids `touch made`. Make it by hand.';
    for (const id of ['c1', 'c2']) expect(outputOf(request, id)).toBe(refusal);
    expect(existsSync(join(acting.folder, 'other'))).toBe(false);
    expect(questions(acting.daemon)).toEqual([]);
    expect(JSON.stringify(told)).not.toContain('commandExecution');
  });

  it('ask about is asked about, without another rule to be made of it', async () => {
    const acting = await ruled(`${PROMPT}\n${ALLOW}`, { approvals: 'on-request' });
    expect(await decided(acting, exec('touch made'), 'accept')).toMatch(SUCCESS);
    const [asked] = questions(acting.daemon);
    expect(asked?.params).toMatchObject({
      reason: 'It makes files.',
      command: "/bin/sh -lc 'touch made'",
      availableDecisions: ['accept', 'cancel'],
    });
    expect(asked?.params).not.toHaveProperty('proposedExecpolicyAmendment');
  });

  it('ask about is refused where nobody can be asked', async () => {
    const acting = await ruled(PROMPT);
    const { request } = await wholeCalls(acting, [exec('touch made')]);
    expect(outputOf(request)).toMatch(
      /^The command was refused: .*`touch made`.*`never`.* It makes files\.$/,
    );
    const granular = { sandbox_approval: true, rules: false, mcp_elicitations: true };
    const next = await wholeCalls(acting, [exec('touch made', {}, 'c2')], { approvalPolicy: { granular } });
    expect(outputOf(next.request, 'c2')).toMatch(/^The command was refused: .*`rules` set to false/);
    expect(existsSync(join(acting.folder, 'made'))).toBe(false);
    expect(questions(acting.daemon)).toEqual([]);
  });

  it('do not fit is left to the policy', async () => {
    const acting = await ruled(ALLOW, { approvals: 'untrusted' });
    expect(await decided(acting, exec('touch made && mkdir x'), 'decline')).toBe(
      'exec command rejected by user',
    );
    expect(questions(acting.daemon)[0]?.params).toMatchObject({ availableDecisions: ['accept', 'cancel'] });
    expect(existsSync(join(acting.folder, 'made'))).toBe(false);
  });

  it('are told to the model when they allow it', async () => {
    const acting = await ruled('prefix_rule(["gh", ["view", "list"]])\nprefix_rule(["rm"], "forbidden")');
    const { request } = await wholeCalls(acting, [exec('true')]);
    const [developer] = request.input;
    expect(wordsOf(developer)).toContain('\n- ["gh", ["view", "list"]]\n</permissions');
    writeRules(acting, ALLOW, 'more.rules');
    const next = await wholeCalls(acting, [exec('true', {}, 'c2')]);
    expect(next.request.input.slice(0, request.input.length)).toEqual(request.input);
    expect(JSON.stringify(next.request.input)).not.toContain('[\\"touch\\"]');
  });
});

describe('the answer acceptWithExecpolicyAmendment', () => {
  it('runs the command, and lets what begins so run in every thread and daemon', async () => {
    const acting = await openActing({ approvals: 'untrusted' });
    expect(await decided(acting, exec('touch made'), amendment('touch', 'made'))).toMatch(SUCCESS);
    expect(existsSync(join(acting.folder, 'made'))).toBe(true);
    expect(savedRules(acting)).toBe('prefix_rule(pattern=["touch", "made"], decision="allow")\n');
    for (const thread of [acting, await otherThread(acting)]) {
      const { request } = await wholeCalls(thread, [exec('touch made more', {}, 'c2')]);
      expect(outputOf(request, 'c2')).toMatch(SUCCESS);
    }
    expect(questions(acting.daemon)).toHaveLength(1);
    const other = await otherThread(acting);
    await decided(other, exec('touch another', {}, 'c3'), 'decline');
    expect(questions(acting.daemon)).toHaveLength(2);
    await acting.daemon.stop();
    const daemon = await TestDaemon.open({ home: acting.daemon.home });
    const threadId = await daemon.startThread({ cwd: acting.folder });
    const { request } = await wholeCalls({ ...acting, daemon, threadId }, [exec('touch made', {}, 'c4')]);
    expect(outputOf(request, 'c4')).toMatch(SUCCESS);
    expect(questions(daemon)).toEqual([]);
  });

  it('adds the rule behind others, and not twice', async () => {
    const acting = await openActing({ approvals: 'untrusted' });
    writeRules(acting, '# mine', 'default.rules');
    await decided(acting, exec('touch made'), amendment('touch', 'a'));
    await decided(acting, exec('touch made', {}, 'c2'), amendment('touch', 'a'));
    await decided(acting, exec('touch made', {}, 'c3'), amendment('touch', 'b "c"'));
    expect(savedRules(acting)).toBe(
      '# mine\nprefix_rule(pattern=["touch", "a"], decision="allow")\n' +
        'prefix_rule(pattern=["touch", "b \\"c\\""], decision="allow")\n',
    );
  });

  it.each([[[]], [['']], [['touch', '\0']]])('holds for the session where it has %j', async (words) => {
    const acting = await openActing({ approvals: 'untrusted' });
    await decided(acting, exec('touch made'), amendment(...words));
    expect(savedRules(acting)).toBeNull();
    await wholeCalls(acting, [exec('touch made', {}, 'c2')]);
    expect(questions(acting.daemon)).toHaveLength(1);
    await decided(await otherThread(acting), exec('touch made', {}, 'c3'), 'decline');
  });

  it.each([
    ['no list', { acceptWithExecpolicyAmendment: { execpolicy_amendment: 'touch' } }],
    ['a list of something else', { acceptWithExecpolicyAmendment: { execpolicy_amendment: ['touch', 1] } }],
  ])('with %s is no decision', async (_name, decision) => {
    const acting = await openActing({ approvals: 'untrusted' });
    expect(await decided(acting, exec('touch made'), decision)).toBe('exec command rejected by user');
    expect(savedRules(acting)).toBeNull();
  });

  it('is a warning where the rule cannot be saved, and the command runs', async () => {
    const acting = await openActing({ approvals: 'untrusted' });
    const { daemon, folder, threadId } = acting;
    writeFileSync(join(daemon.home, 'rules'), 'no folder');
    expect(await decided(acting, exec('touch made'), amendment('touch', 'made'))).toMatch(SUCCESS);
    expect(existsSync(join(folder, 'made'))).toBe(true);
    const path = join(realpathSync(daemon.home), 'rules', 'default.rules');
    const message = `The rule was not saved in ${path}: EEXIST.`;
    expect(daemon.notifications('warning')).toContainEqual({
      method: 'warning',
      params: { threadId, message },
    });
    await wholeCalls(acting, [exec('touch made', {}, 'c2')]);
    expect(questions(daemon)).toHaveLength(1);
  });

  it.each([
    ['more than one command', 'touch a && touch b'],
    ['a redirection', 'echo a > made'],
    ['a shell alone', 'python3'],
    ['one word', 'make'],
    ['a script that the agent can write', './run.sh x'],
  ])('is not offered for %s', async (_name, script) => {
    const acting = await openActing({ approvals: 'untrusted' });
    await decided(acting, exec(script), 'decline');
    const [asked] = questions(acting.daemon);
    expect(asked?.params).toMatchObject({ availableDecisions: ['accept', 'cancel'] });
    expect(asked?.params).not.toHaveProperty('proposedExecpolicyAmendment');
  });

  it('is offered with the prefix that the model wishes for', async () => {
    const acting = await openActing({ approvals: 'untrusted' });
    await decided(acting, exec('touch made', { prefix_rule: ['touch'] }), 'decline');
    await decided(acting, exec('touch a b', { prefix_rule: ['touch', 'a'] }, 'c0'), 'decline');
    await decided(acting, call('shell', { command: ['touch', 'x'], prefix_rule: ['rm'] }, 'c2'), 'decline');
    const command = ['python3', '-c', 'print(42)'];
    await decided(acting, call('shell', { command, prefix_rule: ['python3', '-c'] }, 'c3'), 'decline');
    expect(questions(acting.daemon).map(({ params }) => params?.['proposedExecpolicyAmendment'])).toEqual([
      ['touch', 'made'],
      ['touch', 'a'],
      ['touch', 'x'],
      command,
    ]);
  });
});

describe('a broken file with rules', () => {
  it('is told on connecting and in every thread, and none of its rules counts', async () => {
    const acting = await ruled(ALLOW, { approvals: 'untrusted' });
    writeRules(acting, `${FORBIDDEN}\nprefix_rule(pattern=[])\n`, 'broken.rules');
    const path = join(realpathSync(acting.daemon.home), 'rules', 'broken.rules');
    const details = `The rules in ${path}:2:21 do not count: pattern is empty, and would fit every command`;
    const { request } = await wholeCalls(acting, [exec('touch made')]);
    expect(outputOf(request)).toMatch(SUCCESS);
    const { daemon } = await otherThread(acting);
    await daemon.until('two warnings', () =>
      daemon.notifications('warning').length === 2 ? true : undefined,
    );
    for (const { params } of daemon.notifications('warning')) expect(params?.['message']).toBe(`${details}.`);
    await daemon.stop();
    const next = await TestDaemon.open({ home: daemon.home });
    expect(await next.waitForNotification('configWarning')).toEqual({
      summary: 'Rules for commands are left out until their file is corrected.',
      details,
      path,
      range: { start: { line: 2, column: 21 }, end: { line: 2, column: 21 } },
    });
  });
});

describe.runIf(hasSandbox())('in a sandbox', () => {
  const out = ['touch', '../outside'];

  it('what rules allow runs without it, and only where they allow every part', async () => {
    const acting = await ruled(ALLOW, { sandbox: 'read-only' });
    const { folder, outside } = acting;
    symlinkSync('/bin/sh', join(folder, 'sh'));
    const { request } = await wholeCalls(acting, [
      call('shell', { command: ['touch', '../first'] }, 'c1'),
      exec('touch ../second && touch ../third', {}, 'c2'),
      exec('touch ../fourth; mkdir ../fifth', {}, 'c3'),
      exec('touch ../sixth > /dev/null', {}, 'c4'),
      exec('touch ../seventh', { shell: './sh' }, 'c5'),
    ]);
    expect(outputOf(request, 'c1')).toMatch(SUCCESS);
    expect(outputOf(request, 'c2')).toMatch(SUCCESS);
    for (const id of ['c3', 'c4', 'c5']) expect(outputOf(request, id)).toMatch(/Read-only file system/);
    const names = ['first', 'second', 'third', 'fourth', 'fifth', 'sixth', 'seventh'];
    expect(names.filter((name) => existsSync(join(outside, name)))).toEqual(['first', 'second', 'third']);
  });

  it('a command is accepted within it, and runs without it by the rule that was made', async () => {
    const acting = await openActing({ sandbox: 'workspace-write', approvals: 'untrusted' });
    const file = join(acting.outside, 'outside');
    // The sandbox stops it, which is not asked about again after the consent that was given.
    expect(await decided(acting, call('shell', { command: out }), amendment(...out))).toMatch(SUCCESS);
    expect(existsSync(file)).toBe(true);
    const { request } = await wholeCalls(acting, [call('shell', { command: [...out, '../more'] }, 'c2')]);
    expect(outputOf(request, 'c2')).toMatch(SUCCESS);
    expect(questions(acting.daemon)).toHaveLength(1);
  });

  it('no command and no patch writes rules, wherever the folder of settings lies', async () => {
    const acting = await openActing({ sandbox: 'workspace-write', approvals: 'never' });
    const { daemon } = acting;
    const rules = join(realpathSync(daemon.home), 'rules');
    mkdirSync(rules);
    const roots = [realpathSync(daemon.home), rules, join(daemon.home, '..')];
    const sandboxPolicy = { type: 'workspaceWrite', writableRoots: roots };
    const patch = `*** Begin Patch\n*** Add File: ${rules}/b.rules\n+${ALLOW}\n*** End Patch`;
    const { request } = await wholeCalls(
      acting,
      [
        exec(`echo '${ALLOW}' > ${rules}/a.rules`, {}, 'c1'),
        exec(`mv ${daemon.home} ${daemon.home}-gone`, {}, 'c2'),
        call('shell', { command: ['apply_patch', patch] }, 'c3'),
      ],
      { sandboxPolicy },
    );
    expect(outputOf(request, 'c1')).toMatch(/Read-only file system/);
    expect(outputOf(request, 'c2')).toMatch(/exited with code [1-9]/);
    expect(outputOf(request, 'c3')).toBe('patch rejected: it writes outside the writable folders');
    expect(['a.rules', 'b.rules'].map((name) => existsSync(join(rules, name)))).toEqual([false, false]);
  });

  it('no file with rules counts that a command or a patch could write by another name', async () => {
    const acting = await openActing({ sandbox: 'workspace-write' });
    const { daemon, folder, outside } = acting;
    const rules = join(daemon.home, 'rules');
    mkdirSync(rules);
    writeFileSync(join(folder, 'twin'), '# none\n');
    linkSync(join(folder, 'twin'), join(rules, 'a.rules'));
    symlinkSync(join(folder, 'target'), join(rules, 'b.rules'));
    const { request } = await wholeCalls(acting, [exec(`echo '${ALLOW}' | tee twin target`, {}, 'c1')]);
    expect(outputOf(request, 'c1')).toMatch(SUCCESS);
    const next = await wholeCalls(acting, [exec('touch ../outside', {}, 'c2')]);
    expect(outputOf(next.request, 'c2')).toMatch(/Read-only file system/);
    expect(existsSync(join(outside, 'outside'))).toBe(false);
  });

  it('what a rule lets leave it reads no profile that a command has written', async () => {
    const home = testFolder();
    const acting = await openActing({
      sandbox: 'workspace-write',
      env: { SHELL: '/bin/bash', HOME: home, BASH_ENV: join(home, '.profile'), SSH_CLIENT: '::1 1 22' },
      thread: { cwd: home },
    });
    const { daemon, outside } = acting;
    writeRules(acting, 'prefix_rule(["pwd"])');
    const profile = `echo 'touch ${outside}/outside' | tee .profile .bash_profile .bashrc`;
    const first = await wholeCalls(acting, [exec(profile, { login: false }, 'c1')]);
    expect(outputOf(first.request, 'c1')).toMatch(/Process exited with code 0/);
    const { request } = await wholeCalls(acting, [
      exec('pwd', {}, 'c2'),
      call('shell', { command: ['bash', '-lc', 'pwd'] }, 'c3'),
    ]);
    for (const id of ['c2', 'c3']) expect(outputOf(request, id)).toMatch(SUCCESS);
    expect((await itemEnd(daemon, 'c2'))['command']).toBe('/bin/bash -c pwd');
    expect((await itemEnd(daemon, 'c3'))['command']).toBe('bash -c pwd');
    expect(existsSync(join(outside, 'outside'))).toBe(false);
  });

  it('granular refuses what leaves it where nobody can be asked about that', async () => {
    const acting = await openActing({ sandbox: 'workspace-write' });
    const granular = { sandbox_approval: false, rules: true, mcp_elicitations: true };
    const patch = '*** Begin Patch\n*** Add File: ../outside\n+x\n*** End Patch';
    const { request } = await wholeCalls(
      acting,
      [
        call('shell', { command: out, sandbox_permissions: 'require_escalated' }, 'c1'),
        call('shell', { command: out }, 'c2'),
        call('shell', { command: ['apply_patch', patch] }, 'c3'),
        exec('rm -rf x', {}, 'c4'),
      ],
      { approvalPolicy: { granular } },
    );
    expect(outputOf(request, 'c1')).toMatch(/`sandbox_approval` set to false/);
    expect(outputOf(request, 'c2')).toMatch(/Read-only file system/);
    expect(outputOf(request, 'c3')).toBe('patch rejected: it writes outside the writable folders');
    expect(outputOf(request, 'c4')).toMatch(/`sandbox_approval` set to false/);
    expect(questions(acting.daemon)).toEqual([]);
    expect(existsSync(join(acting.outside, 'outside'))).toBe(false);
  });
});
