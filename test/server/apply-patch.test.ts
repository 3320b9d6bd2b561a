import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { PATCH_GRAMMAR } from '../../src/patch/index.ts';
import { PATCH_IN_COMMAND } from '../../src/core/tools/index.ts';
import { TestDaemon } from '../support/daemon.ts';
import { itemDone } from '../support/responses-upstream.ts';
import type { UpstreamEvent, UpstreamRequest } from '../support/responses-upstream.ts';
import { call, exec, exitOf, openActing, outputOf, wholeCalls } from './acting.ts';
import type { Acting } from './acting.ts';
import { user, wholeTurn } from './turns.ts';

const PATCH = '*** Begin Patch\n*** Add File: a.txt\n+hello\n*** End Patch';
const APPLIED = 'The patch is applied. These files changed:\nA a.txt\n';
const HEREDOC = `apply_patch <<'EOF'\n${PATCH}\nEOF\n`;

/** What a request says of the tool for patches. */
function offered({ body }: UpstreamRequest): unknown {
  return (body['tools'] as readonly { name?: string }[]).find(({ name }) => name === 'apply_patch');
}

function custom(input: string, callId = 'c1'): UpstreamEvent {
  return itemDone({
    type: 'custom_tool_call',
    id: `t-${callId}`,
    name: 'apply_patch',
    input,
    call_id: callId,
  });
}

function fileIn({ folder }: Acting): string {
  return readFileSync(join(folder, 'a.txt'), 'utf8');
}

describe('the tool for patches', () => {
  it('takes free text of a grammar from a model that is known, and is offered alike each time', async () => {
    const acting = await openActing();
    await wholeTurn(acting, 'one');
    await wholeTurn(acting, 'two');
    const [first, second] = acting.upstream.requests.map(offered);
    expect(first).toEqual({
      type: 'custom',
      name: 'apply_patch',
      description: expect.any(String),
      format: { type: 'grammar', syntax: 'lark', definition: PATCH_GRAMMAR },
    });
    expect(second).toEqual(first);
  });

  it('is not offered to a model of which nothing is known, and answers it all the same', async () => {
    const acting = await openActing({ model: 'test-model' });
    const { request } = await wholeCalls(acting, [custom(PATCH)]);
    expect(offered(request)).toBeUndefined();
    expect(JSON.parse(String(outputOf(request)))).toEqual({
      output: APPLIED,
      metadata: { exit_code: 0, duration_seconds: expect.any(Number) },
    });
    expect(fileIn(acting)).toBe('hello\n');
  });

  it.each([
    ['a custom call', custom(PATCH)],
    ['a custom call with JSON', custom(JSON.stringify({ input: PATCH }))],
    ['a function call', call('apply_patch', { input: PATCH })],
    ['a function call with the bare patch', call('apply_patch', PATCH)],
  ])('answers %s in lines', async (_form, event) => {
    const acting = await openActing();
    const { request } = await wholeCalls(acting, [event]);
    expect(exitOf(outputOf(request))).toEqual([0, APPLIED]);
    expect(fileIn(acting)).toBe('hello\n');
  });

  it('is answered in JSON in the record, and in the same lines in every request, also after a resume', async () => {
    const acting = await openActing();
    const { daemon, threadId, upstream } = acting;
    const { request } = await wholeCalls(acting, [
      custom(PATCH),
      call('shell', { command: ['echo', 'hi'] }, 'c2'),
    ]);
    const { thread } = await daemon.request<{ thread: { path: string } }>('thread/read', { threadId });
    const kept = readFileSync(thread.path, 'utf8')
      .trimEnd()
      .split('\n')
      .map((line) => (JSON.parse(line) as { payload: { type?: string; output?: string } }).payload)
      .flatMap(({ output, type }) => (type?.endsWith('_output') === true ? [String(output)] : []));
    expect(kept.map((output) => (JSON.parse(output) as { output: string }).output)).toEqual([
      APPLIED,
      'hi\n',
    ]);
    await daemon.stop();
    const other = await TestDaemon.open({ home: daemon.home });
    await other.request('thread/resume', { threadId });
    await wholeTurn({ daemon: other, threadId, upstream }, 'next');
    const later = upstream.requests.at(-1);
    for (const id of ['c1', 'c2']) {
      expect(later === undefined ? null : outputOf(later, id)).toBe(outputOf(request, id));
    }
  });
});

describe('a patch that is handed to a command', () => {
  it.each([
    ['exec_command', exec(HEREDOC)],
    ['shell', call('shell', { command: ['bash', '-lc', HEREDOC] })],
    ['shell_command', call('shell_command', { command: HEREDOC })],
  ])('has the model of %s advised behind the outputs, and nobody else', async (_tool, event) => {
    const acting = await openActing();
    const { daemon, threadId } = acting;
    const { request, told } = await wholeCalls(acting, [event, call('update_plan', { plan: [] }, 'c2')]);
    expect(fileIn(acting)).toBe('hello\n');
    expect(exitOf(outputOf(request))).toEqual([0, APPLIED]);
    expect(PATCH_IN_COMMAND).toMatch(/^Warning: .*apply_patch/);
    expect(request.input.slice(-3)).toEqual([
      expect.objectContaining({ type: 'function_call_output', call_id: 'c1' }),
      expect.objectContaining({ type: 'function_call_output', call_id: 'c2' }),
      user(PATCH_IN_COMMAND),
    ]);
    expect(JSON.stringify(told)).not.toContain('Warning');
    await wholeTurn(acting, 'next');
    const read = async (reader: TestDaemon): Promise<string[]> => {
      const { thread } = await reader.request<{
        thread: { turns: { items: { type: string; content?: { text: string }[] }[] }[] };
      }>('thread/read', { threadId, includeTurns: true });
      const items = thread.turns.flatMap((turn) => turn.items);
      return items.flatMap(({ content, type }) => (type === 'userMessage' ? [content?.[0]?.text ?? ''] : []));
    };
    expect(await read(daemon)).toEqual(['go', 'next']);
    await daemon.stop();
    const other = await TestDaemon.open({ home: daemon.home });
    expect(await read(other)).toEqual(['go', 'next']);
    await other.request('thread/resume', { threadId });
    const { index } = await wholeTurn({ ...acting, daemon: other }, 'last');
    const input = acting.upstream.requests[index]?.input ?? [];
    expect(input.filter((item) => JSON.stringify(item).includes(PATCH_IN_COMMAND))).toEqual([
      user(PATCH_IN_COMMAND),
    ]);
  });

  it.each([
    ['exec_command', exec(HEREDOC)],
    ['shell_command', call('shell_command', { command: HEREDOC })],
  ])('is answered by %s in lines for every model', async (_tool, event) => {
    const acting = await openActing({ model: 'test-model' });
    const { request } = await wholeCalls(acting, [event]);
    expect(exitOf(outputOf(request))).toEqual([0, APPLIED]);
  });
});
