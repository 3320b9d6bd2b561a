import { execFileSync, spawnSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished } from 'vitest';
import type { TestDaemon, WireMessage } from '../support/daemon.ts';
import { testFolder } from '../support/folder.ts';
import { completed, itemDone } from '../support/responses-upstream.ts';
import type { UpstreamEvent, UpstreamRequest } from '../support/responses-upstream.ts';
import { endOf, openThread, startTurn } from './turns.ts';
import type { OpenOptions, OpenThread } from './turns.ts';

/** A thread whose agent works in a folder of its own. */
export interface Acting extends OpenThread {
  /** The working directory, which is a folder in `outside`. */
  readonly folder: string;
  readonly outside: string;
  /** The value of a variable that every process of the thread's commands carries. */
  readonly mark: string;
}

export interface ActingOptions extends OpenOptions {
  /** Default `never`. */
  readonly approvals?: 'untrusted' | 'on-request' | 'on-failure' | 'never';
  /** Default `danger-full-access`. The folder for temporary files is writable in none of them. */
  readonly sandbox?: 'read-only' | 'workspace-write' | 'danger-full-access';
}

const MARK = 'PARLEY_TEST_MARK';

export async function openActing(options: ActingOptions = {}): Promise<Acting> {
  const { approvals = 'never', env = {}, sandbox = 'danger-full-access', thread = {}, top = '' } = options;
  const outside = testFolder();
  const folder = join(outside, 'work');
  mkdirSync(folder);
  const mark = randomUUID();
  onTestFinished(() => expectNoProcess(mark));
  const policies = `approval_policy = "${approvals}"\nsandbox_mode = "${sandbox}"`;
  const roots = '[sandbox_workspace_write]\nexclude_slash_tmp = true\nexclude_tmpdir_env_var = true';
  const opened = await openThread({
    ...options,
    top: `${policies}\n${top}\n${roots}`,
    env: { SHELL: '/bin/sh', ...env, [MARK]: mark },
    thread: { cwd: folder, ...thread },
  });
  return { ...opened, folder, outside, mark };
}

/** A call of a function, with these arguments, or with a text where they are one. */
export function call(name: string, args: object | string, callId = 'c1'): UpstreamEvent {
  const text = typeof args === 'string' ? args : JSON.stringify(args);
  return itemDone({ type: 'function_call', id: `f-${callId}`, name, arguments: text, call_id: callId });
}

export function exec(cmd: string, more: object = {}, callId = 'c1'): UpstreamEvent {
  return call('exec_command', { cmd, ...more }, callId);
}

/** What the model was told of a call. */
export function outputOf(request: UpstreamRequest, callId = 'c1'): unknown {
  const items = request.input as readonly { type: string; call_id?: string; output?: unknown }[];
  return items.find((item) => item.type.endsWith('_output') && item.call_id === callId)?.output;
}

/** An output that is given in lines, with the exit code first: the code, and what stands behind `Output:`. */
export function exitOf(output: unknown): [code: number, words: string] {
  const [, code, words] =
    /^Exit code: (-?\d+)\nWall time: \d+(?:\.\d)? seconds\n(?:Total output lines: \d+\n)?Output:\n([^]*)$/.exec(
      String(output),
    ) ?? [];
  if (code === undefined || words === undefined) expect.fail(`no lines: ${String(output)}`);
  return [Number(code), words];
}

export interface Calling {
  readonly turnId: string;
  /** The number of messages before the turn. */
  readonly before: number;
  /** Ends the response with the calls, gives the request that tells their outputs. */
  readonly next: () => Promise<UpstreamRequest>;
}

/** Begins a turn in which the model makes these calls. */
export async function beginCalls(
  acting: OpenThread,
  calls: readonly UpstreamEvent[],
  more: object = {},
): Promise<Calling> {
  const { daemon, upstream } = acting;
  const before = daemon.messages.length;
  const index = upstream.requests.length;
  const turnId = await startTurn(acting, 'go', more);
  const first = await upstream.request(index);
  first.send(...calls);
  const next = async (): Promise<UpstreamRequest> => {
    first.send(completed(`r${index}`));
    first.end();
    return upstream.request(index + 1);
  };
  return { before, turnId, next };
}

/** Holds a whole turn in which the model makes these calls, and gives the request that tells their outputs. */
export async function wholeCalls(
  acting: OpenThread,
  calls: readonly UpstreamEvent[],
  more: object = {},
): Promise<{ readonly turnId: string; readonly request: UpstreamRequest; readonly told: WireMessage[] }> {
  const { before, next, turnId } = await beginCalls(acting, calls, more);
  const request = await next();
  request.answer(`done-${turnId}`, ['done']);
  expect((await endOf(acting.daemon, turnId))['status']).toBe('completed');
  return { turnId, request, told: acting.daemon.messages.slice(before) };
}

/** A question of the daemon's, the n-th if a number is given. */
export async function question(daemon: TestDaemon, index = 0): Promise<WireMessage> {
  return daemon.until(`question ${index}`, () => questions(daemon)[index]);
}

/** All questions of the daemon's so far. */
export function questions(daemon: TestDaemon): WireMessage[] {
  return daemon.messages.filter(({ id, method }) => id !== undefined && method !== undefined);
}

/** The end of the item of a call. */
export async function itemEnd(daemon: TestDaemon, itemId = 'c1'): Promise<Readonly<Record<string, unknown>>> {
  const { item } = await daemon.waitForNotification(
    'item/completed',
    (params) => (params['item'] as { id: string }).id === itemId,
  );
  return item as Readonly<Record<string, unknown>>;
}

/** A command as it is told, before it has ended unless the rest says otherwise. */
export function commandView(acting: Acting, script: string, more: object = {}): object {
  return {
    type: 'commandExecution',
    id: 'c1',
    command: expect.stringContaining(script),
    cwd: acting.folder,
    processId: expect.stringMatching(/^\d+$/),
    source: 'unifiedExecStartup',
    status: 'inProgress',
    commandActions: [{ type: 'unknown', command: script }],
    aggregatedOutput: null,
    exitCode: null,
    durationMs: null,
    ...more,
  };
}

/** The result of a session, as the model is told. */
export function sessionText(outcome: string, output: string): RegExp {
  const parts = ['Chunk ID: [0-9a-f]{6}', 'Wall time: \\d+\\.\\d{4} seconds', escaped(outcome), 'Output:'];
  return new RegExp(`^${parts.join('\n')}\n${escaped(output)}$`);
}

function escaped(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}

/** The processes of commands that carry a mark, the daemon itself left out. */
export function processesWith(mark: string): string[] {
  const list = execFileSync('ps', ['axeww', '-o', 'pid=,stat=,args='], {
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
  });
  return list
    .split('\n')
    .filter((line) => line.includes(`${MARK}=${mark}`) && line.includes('PARLEY_COMMAND='));
}

/** Waits until no process of a thread's commands is left. */
export async function expectNoProcess(mark: string): Promise<void> {
  await expect.poll(() => processesWith(mark), { timeout: 10_000 }).toEqual([]);
}

/** Waits until a process of a thread's commands is there that carries a text in its arguments. */
export async function untilProcess(mark: string, text: string): Promise<void> {
  const found = (): boolean => processesWith(mark).some((line) => line.includes(text));
  await expect.poll(found, { timeout: 10_000 }).toBe(true);
}

/** Whether commands can be sandboxed here; says so once where they cannot be. */
export function hasSandbox(): boolean {
  if (process.env['PARLEY_REQUIRE_SANDBOX'] === '1') return true;
  const trial = spawnSync('bwrap', '--ro-bind / / --unshare-all --proc /proc --dev /dev true'.split(' '));
  const isThere = process.platform === 'linux' && trial.status === 0;
  if (!isThere) console.warn('bubblewrap is missing or cannot make namespaces here: tests are skipped');
  return isThere;
}
