import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { Call } from '../server-realtime/call.ts';
import type { TestDaemon } from '../support/daemon.ts';
import { testFolder } from '../support/folder.ts';
import type { InputItem } from '../support/responses-upstream.ts';
import { openDaemon, openStored, restart } from './stored.ts';
import type { SessionAnswer, StoredThread } from './stored.ts';
import { endOf, layout, wholeTurn, wordsOf } from './turns.ts';
import type { TurnResult } from './turns.ts';

interface Project extends StoredThread {
  readonly answer: SessionAnswer;
}

/** A thread in a repository with instructions, under global ones. */
async function openProject(options: Parameters<typeof openDaemon>[0] = {}): Promise<Project> {
  const opened = await openDaemon(options);
  mkdirSync(join(opened.folder, '.git'));
  writeFileSync(join(opened.daemon.home, 'AGENTS.md'), 'be nice');
  writeFileSync(join(opened.folder, 'AGENTS.md'), 'use tabs');
  const answer = await opened.daemon.request<SessionAnswer>('thread/start', { cwd: opened.folder });
  await opened.daemon.waitForNotification('thread/started');
  return { ...opened, answer, threadId: answer.thread.id, path: answer.thread.path };
}

/** The text by which the model is told. */
function told(directory: string, instructions: string): string {
  return `# AGENTS.md instructions for ${directory}\n\n<INSTRUCTIONS>\n${instructions}\n</INSTRUCTIONS>`;
}

/** The instructions in an input, in order. */
function instructionsOf(input: readonly InputItem[]): string[] {
  return input.flatMap(({ content }) =>
    (content ?? []).flatMap(({ text = '' }) => (text.startsWith('# AGENTS.md instructions') ? [text] : [])),
  );
}

async function inputOf(
  thread: StoredThread,
  words: string,
  more: object = {},
): Promise<readonly InputItem[]> {
  const { index } = await wholeTurn(thread, words, more);
  return (await thread.upstream.request(index)).input;
}

function warningsOf(daemon: TestDaemon): unknown[] {
  return daemon.notifications('warning').map(({ params }) => params?.['message']);
}

describe('project instructions', () => {
  it('are named in the answer, the global ones first, and told before the surroundings, once', async () => {
    const thread = await openProject();
    const { answer, daemon, folder } = thread;
    expect(answer['instructionSources']).toEqual([join(daemon.home, 'AGENTS.md'), join(folder, 'AGENTS.md')]);
    const first = await inputOf(thread, 'hello');
    expect(first).toEqual([
      { type: 'message', role: 'developer', content: [{ type: 'input_text', text: expect.any(String) }] },
      {
        type: 'message',
        role: 'user',
        content: [
          { type: 'input_text', text: told(folder, 'be nice\n\nuse tabs') },
          {
            type: 'input_text',
            text: expect.stringMatching(/^<environment_context>[^]*<\/environment_context>$/),
          },
        ],
      },
      { type: 'message', role: 'user', content: [{ type: 'input_text', text: 'hello' }] },
    ]);
    const { body } = await thread.upstream.request(0);
    expect(body['instructions']).not.toContain('tabs');
    const second = await inputOf(thread, 'again');
    expect(second.slice(0, first.length)).toEqual(first);
    expect(layout(second.slice(first.length))).toEqual(['assistant: answer 0', 'user: again']);
  });

  it('are no word of the user’s: the preview is the first prompt', async () => {
    const thread = await openProject();
    await wholeTurn(thread, 'hello');
    const read = await thread.daemon.request<SessionAnswer>('thread/read', { threadId: thread.threadId });
    expect(read.thread['preview']).toBe('hello');
  });

  it('are none where there is no file', async () => {
    const thread = await openStored();
    const resumed = await thread.daemon.request<SessionAnswer>('thread/start', {});
    expect(resumed['instructionSources']).toEqual([]);
    expect(instructionsOf(await inputOf(thread, 'hello'))).toEqual([]);
  });

  it('are read again where a turn works in another folder, and not when a file changes', async () => {
    const thread = await openProject();
    const { daemon, folder, threadId } = thread;
    await wholeTurn(thread, 'one');
    writeFileSync(join(folder, 'AGENTS.md'), 'use spaces');
    expect(instructionsOf(await inputOf(thread, 'two'))).toHaveLength(1);
    const other = testFolder();
    const moved = await inputOf(thread, 'three', { cwd: other });
    expect(instructionsOf(moved).slice(1)).toEqual([told(other, 'be nice')]);
    expect(wordsOf(moved.at(-2))).toContain(`<cwd>${other}</cwd>`);
    expect(layout(moved).at(-1)).toBe('user: three');
    const resumed = await daemon.request<SessionAnswer>('thread/resume', { threadId });
    expect(resumed['instructionSources']).toEqual([join(daemon.home, 'AGENTS.md')]);
  });

  it('are told as gone where there are none any more', async () => {
    const thread = await openProject();
    await wholeTurn(thread, 'one');
    rmSync(join(thread.daemon.home, 'AGENTS.md'));
    const other = testFolder();
    const [, gone, ...more] = instructionsOf(await inputOf(thread, 'two', { cwd: other }));
    expect(gone).toMatch(new RegExp(`^# AGENTS.md instructions for ${other}\n[^]*do not hold any more`));
    expect(more).toEqual([]);
  });

  it('are not told again by a thread that goes on, unless they are other ones then', async () => {
    const first = await openProject();
    await wholeTurn(first, 'one');
    const thread = await restart(first);
    const { daemon, folder, threadId } = thread;
    const sources = [join(daemon.home, 'AGENTS.md'), join(folder, 'AGENTS.md')];
    const resumed = await daemon.request<SessionAnswer>('thread/resume', { threadId });
    expect(resumed['instructionSources']).toEqual(sources);
    const told1 = told(folder, 'be nice\n\nuse tabs');
    expect(instructionsOf(await inputOf(thread, 'two'))).toEqual([told1]);
    writeFileSync(join(folder, 'AGENTS.md'), 'use spaces');
    const forked = await daemon.request<SessionAnswer>('thread/fork', { threadId });
    expect(forked['instructionSources']).toEqual(sources);
    const fork = { ...thread, threadId: forked.thread.id, path: forked.thread.path };
    expect(instructionsOf(await inputOf(fork, 'three'))).toEqual([
      told1,
      told(folder, 'be nice\n\nuse spaces'),
    ]);
    expect(instructionsOf(await inputOf(thread, 'four'))).toEqual([told1]);
  });

  it('are told again after a compaction and a rollback', async () => {
    const thread = await openProject({ top: 'compact_prompt = "Sum up."' });
    const { daemon, folder, threadId, upstream } = thread;
    const once = [told(folder, 'be nice\n\nuse tabs')];
    await wholeTurn(thread, 'one');
    await daemon.request('thread/compact/start', { threadId });
    (await upstream.request(1)).answer('s1', ['a summary']);
    await daemon.until('the end of the compaction', () => daemon.notifications('turn/completed')[1]);
    const after = await inputOf(thread, 'two');
    expect(instructionsOf(after)).toEqual(once);
    expect(layout(after).filter((each) => each.startsWith('user: '))).toEqual([
      'user: one',
      expect.stringContaining('# AGENTS.md'),
      'user: two',
    ]);
    await daemon.request('thread/rollback', { threadId, numTurns: 3 });
    expect(instructionsOf(await inputOf(thread, 'three'))).toEqual(once);
  });

  it('that cannot be used are named in a warning, once', async () => {
    const opened = await openDaemon({ top: 'project_doc_max_bytes = 10' });
    const { daemon, folder } = opened;
    mkdirSync(join(folder, '.git'));
    mkdirSync(join(folder, 'a'));
    writeFileSync(join(folder, 'AGENTS.md'), Uint8Array.of(0xff));
    writeFileSync(join(folder, 'a', 'AGENTS.md'), 'far too long');
    const [broken, long] = [join(folder, 'AGENTS.md'), join(folder, 'a', 'AGENTS.md')];
    const cut = `The instructions in ${long} are cut: all of them together may take 10 bytes (project_doc_max_bytes).`;
    const { thread, ...answer } = await daemon.request<SessionAnswer>('thread/start', {
      cwd: join(folder, 'a'),
    });
    expect(answer['instructionSources']).toEqual([long]);
    await daemon.until('two warnings', () => daemon.notifications('warning')[1]);
    expect(warningsOf(daemon)).toEqual([
      `The instructions in ${broken} are left out: it is not valid UTF-8.`,
      cut,
    ]);
    const methods = daemon.notifications().map(({ method }) => method);
    expect(methods.indexOf('thread/started')).toBeLessThan(methods.indexOf('warning'));
    const whole = { ...opened, threadId: thread.id, path: thread.path };
    expect(instructionsOf(await inputOf(whole, 'hello'))).toEqual([
      told(join(folder, 'a'), `far too lo\n[${long} goes on here, beyond the limit for instructions]`),
    ]);
    expect(warningsOf(daemon)).toHaveLength(2);
    const moved = await daemon.request<TurnResult>('turn/start', {
      threadId: thread.id,
      cwd: folder,
      input: [{ type: 'text', text: 'two' }],
    });
    (await opened.upstream.request(1)).answer('m1', ['ok']);
    await endOf(daemon, moved.turn.id);
    expect(warningsOf(daemon).slice(2)).toEqual([
      `The instructions in ${broken} are left out: it is not valid UTF-8.`,
    ]);
  });
});

describe('the voice model', () => {
  async function voiceInstructions(realtime: string): Promise<string> {
    const call = await Call.open({
      editConfig: (text) => text.replace(/^experimental_realtime_ws_startup_context.*$/m, ''),
      config: { realtime },
    });
    const cwd = testFolder();
    writeFileSync(join(cwd, 'AGENTS.md'), 'use tabs');
    const threadId = await call.daemon.startThread({ cwd });
    await call.daemon.request('thread/realtime/start', { threadId, outputModality: 'audio', prompt: 'Hi.' });
    await call.daemon.waitForNotification(
      'thread/realtime/started',
      (params) => params['threadId'] === threadId,
    );
    const socket = await call.upstream.socket(0);
    const update = await call.upstream.until('the first frame', () => socket.received[0]);
    return (update as unknown as { session: { instructions: string } }).session.instructions;
  }

  it('is told them where it is configured, as a section of the startup context', async () => {
    const instructions = await voiceInstructions('include_project_instructions = true');
    expect(instructions).toContain('\n\n## Project instructions\nuse tabs\n\n');
    expect(instructions).toContain('The agent that works in the folder knows the instructions as well.');
  });

  it('is not told them otherwise', async () => {
    expect(await voiceInstructions('')).not.toContain('use tabs');
  });
});
