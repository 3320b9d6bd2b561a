import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { TestDaemon } from '../support/daemon.ts';
import { testFolder } from '../support/folder.ts';
import type { InputItem } from '../support/responses-upstream.ts';
import { openDaemon, openStored, restart, saidByUser, toldItems } from './stored.ts';
import type { SessionAnswer, StoredOptions, StoredThread } from './stored.ts';
import { endOf, layout, text, textElement, user, wholeTurn, wordsOf } from './turns.ts';
import type { TurnResult } from './turns.ts';

/** Writes a skill into a folder of skills, and gives the path of its file. */
function write(place: string, name: string, description = `Does ${name}.`): string {
  const path = join(place, name, 'SKILL.md');
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, `---\nname: ${name}\ndescription: ${description}\n---\nHow to ${name}.\n`);
  return path;
}

/** What the model is given for a skill that an input names. */
function skillText(name: string, path: string): string {
  return `<skill>\n<name>${name}</name>\n<path>${path}</path>\n---\nname: ${name}\ndescription: Does ${name}.\n---\nHow to ${name}.\n</skill>`;
}

interface Project extends StoredThread {
  readonly pdf: string;
  readonly build: string;
}

/** A thread in a folder with a skill, beside one of the user's own. */
async function openProject(options: StoredOptions = {}): Promise<Project> {
  const opened = await openDaemon(options);
  const pdf = write(join(opened.daemon.home, 'skills'), 'pdf');
  const build = write(join(opened.folder, '.codex/skills'), 'build');
  const { thread } = await opened.daemon.request<SessionAnswer>('thread/start', { cwd: opened.folder });
  await opened.daemon.waitForNotification('thread/started');
  return { ...opened, threadId: thread.id, path: thread.path, pdf, build };
}

/** The lists of skills in an input, each as the lines that name one. */
function listsOf(input: readonly InputItem[]): string[][] {
  return input.flatMap(({ content, role }) =>
    (content ?? []).flatMap(({ text: words = '' }) =>
      role === 'developer' && words.startsWith('<skills_instructions>\n')
        ? [words.split('\n').filter((line) => line.includes('(file: '))]
        : [],
    ),
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
  return daemon.notifications('warning').map(({ params }) => params);
}

function lines({ build, pdf }: Project): string[] {
  return [`- build: Does build. (file: ${build})`, `- pdf: Does pdf. (file: ${pdf})`];
}

describe('the list of skills', () => {
  it('is told once, last in the first developer message', async () => {
    const thread = await openProject();
    const first = await inputOf(thread, 'hello');
    expect(layout(first)).toEqual(['developer', 'environment', 'user: hello']);
    expect(first[0]?.content?.at(-1)).toEqual({
      type: 'input_text',
      text: expect.stringMatching(/^<skills_instructions>\n## Skills\n[^]+\n<\/skills_instructions>$/),
    });
    expect(listsOf(first)).toEqual([lines(thread)]);
    write(join(thread.daemon.home, 'skills'), 'web');
    const second = await inputOf(thread, 'again');
    expect(second.slice(0, first.length)).toEqual(first);
    expect(layout(second.slice(first.length))).toEqual(['assistant: answer 0', 'user: again']);
    expect(warningsOf(thread.daemon)).toEqual([]);
  });

  it('is none where there are no skills, and where it is turned off', async () => {
    expect(wordsOf((await inputOf(await openStored(), 'hello'))[0])).not.toContain('skill');
    const off = await openProject({ top: 'include_skill_instructions = false' });
    expect(wordsOf((await inputOf(off, 'hello'))[0])).not.toContain('skill');
  });

  it('is another one in another folder, and may be none', async () => {
    const thread = await openProject();
    const first = await inputOf(thread, 'one');
    const moved = await inputOf(thread, 'two', { cwd: testFolder() });
    expect(moved.slice(0, first.length)).toEqual(first);
    expect(layout(moved.slice(first.length))).toEqual([
      'assistant: answer 0',
      'developer',
      'environment',
      'user: two',
    ]);
    expect(listsOf(moved)).toEqual([lines(thread), lines(thread).slice(1)]);
    rmSync(thread.pdf);
    const gone = await inputOf(thread, 'three', { cwd: testFolder() });
    expect(listsOf(gone)).toEqual([lines(thread), lines(thread).slice(1), []]);
    expect(wordsOf(gone.at(-3))).toContain('cannot be used any more');
  });

  it('is looked at again when a client has the skills read again', async () => {
    const thread = await openProject();
    await wholeTurn(thread, 'one');
    rmSync(thread.build);
    await thread.daemon.request('skills/list', {});
    expect(listsOf(await inputOf(thread, 'two'))).toEqual([lines(thread)]);
    await thread.daemon.request('skills/list', { forceReload: true });
    expect(listsOf(await inputOf(thread, 'three'))).toEqual([lines(thread), lines(thread).slice(1)]);
    expect(listsOf(await inputOf(thread, 'four'))).toHaveLength(2);
  });

  it('is not told again by a thread that goes on, and is after a compaction and a rollback', async () => {
    const first = await openProject({ top: 'compact_prompt = "Sum up."' });
    await wholeTurn(first, 'one');
    const thread = await restart(first);
    const { daemon, threadId, upstream } = thread;
    await daemon.request('thread/resume', { threadId });
    expect(listsOf(await inputOf(thread, 'two'))).toEqual([lines(thread)]);
    await daemon.request('thread/compact/start', { threadId });
    (await upstream.request(2)).answer('s1', ['a summary']);
    await daemon.until('the end of the compaction', () => daemon.notifications('turn/completed')[1]);
    expect(listsOf(await inputOf(thread, 'three'))).toEqual([lines(thread)]);
    await daemon.request('thread/rollback', { threadId, numTurns: 4 });
    expect(listsOf(await inputOf(thread, 'four'))).toEqual([lines(thread)]);
  });

  it('leaves out what is turned off, which clients are told', async () => {
    const top = '[[skills.config]]\nname = "pdf"\nenabled = false\n';
    const thread = await openProject({ top });
    expect(listsOf(await inputOf(thread, 'hello'))).toEqual([lines(thread).slice(0, 1)]);
    const { data } = await thread.daemon.request<{
      data: { skills: { name: string; enabled: boolean }[] }[];
    }>('skills/list', { cwds: [thread.folder] });
    expect(data[0]?.skills.map(({ enabled, name }) => [name, enabled])).toEqual([
      ['build', true],
      ['pdf', false],
    ]);
  });

  it('says in one warning what there is no room for', async () => {
    const opened = await openDaemon({ top: 'model_context_window = 20000' });
    for (let index = 10; index < 60; index += 1) write(join(opened.daemon.home, 'skills'), `skill-${index}`);
    const { thread } = await opened.daemon.request<SessionAnswer>('thread/start', {});
    const whole = { ...opened, threadId: thread.id, path: thread.path };
    const [list = []] = listsOf(await inputOf(whole, 'one'));
    expect(list.length).toBeGreaterThan(10);
    expect(list.length).toBeLessThan(50);
    expect(list[0]).toBe('- skill-10 (file: r0/skill-10/SKILL.md)');
    const left = Array.from({ length: 5 }, (_, index) => `skill-${10 + list.length + index}`).join(', ');
    const warning = {
      threadId: thread.id,
      message: `The list of skills that the agent is given may take 2 % of the model's context window. It has no descriptions, and these skills are left out: ${left} and ${50 - list.length - 5} more. Turn off skills that are not needed.`,
    };
    expect(warningsOf(opened.daemon)).toEqual([warning]);
    await inputOf(whole, 'two', { cwd: testFolder() });
    expect(warningsOf(opened.daemon)).toEqual([warning]);
  });
});

describe('a skill that an input names', () => {
  it('follows the message to the model, and is no item of its own', async () => {
    const thread = await openProject();
    const { build, daemon, pdf, threadId, upstream } = thread;
    const input = [text('Take $build, $HOME'), { type: 'skill', name: 'pdf', path: pdf }];
    const { turn } = await daemon.request<TurnResult>('turn/start', { threadId, input });
    const request = await upstream.request();
    expect(request.input.slice(2)).toEqual([
      user('Take $build, $HOME'),
      user(skillText('pdf', pdf)),
      user(skillText('build', build)),
    ]);
    request.answer('m1', ['ok']);
    await endOf(daemon, turn.id);
    expect(toldItems(daemon, turn.id)).toEqual([
      {
        type: 'userMessage',
        id: expect.any(String),
        content: [textElement('Take $build, $HOME'), { type: 'skill', name: 'pdf', path: pdf }],
      },
      { type: 'agentMessage', id: 'm1', text: 'ok', phase: null, memoryCitation: null },
    ]);
    expect(warningsOf(daemon)).toEqual([]);
    const again = await restart(thread);
    const { thread: read } = await again.daemon.request<SessionAnswer>('thread/read', {
      threadId,
      includeTurns: true,
    });
    expect(read['preview']).toBe('Take $build, $HOME');
    expect(read.turns.map(({ items }) => items.map(({ type }) => type))).toEqual([
      ['userMessage', 'agentMessage'],
    ]);
    expect(read.turns[0]?.items[0]).toEqual(saidByUser(expect.any(String), 'Take $build, $HOME'));
    await again.daemon.request('thread/resume', { threadId });
    expect((await inputOf(again, 'more')).slice(0, 5)).toEqual(request.input);
  });

  it('is dropped by a compaction', async () => {
    const thread = await openProject({ top: 'compact_prompt = "Sum up."' });
    const { daemon, threadId, upstream } = thread;
    await wholeTurn(thread, 'Take $pdf');
    await daemon.request('thread/compact/start', { threadId });
    (await upstream.request(1)).answer('s1', ['a summary']);
    await daemon.until('the end of the compaction', () => daemon.notifications('turn/completed')[1]);
    expect(layout(await inputOf(thread, 'more'))).toEqual([
      'user: Take $pdf',
      'summary: a summary',
      'developer',
      'environment',
      'user: more',
    ]);
  });

  it('and that cannot be used is told in a warning of the thread', async () => {
    const thread = await openProject();
    const { daemon, threadId, upstream } = thread;
    const input = [text('Take it'), { type: 'skill', name: 'web', path: '/none/web/SKILL.md' }];
    const { turn } = await daemon.request<TurnResult>('turn/start', { threadId, input });
    const request = await upstream.request();
    expect(request.input.slice(2)).toEqual([user('Take it')]);
    request.answer('m1', ['ok']);
    await endOf(daemon, turn.id);
    expect(warningsOf(daemon)).toEqual([
      { threadId, message: 'There is no skill web at /none/web/SKILL.md.' },
    ]);
  });

  it('comes with what is said while a turn runs as well', async () => {
    const thread = await openProject();
    const { daemon, pdf, threadId, upstream } = thread;
    const { turn } = await daemon.request<TurnResult>('turn/start', { threadId, input: [text('one')] });
    const request = await upstream.request();
    request.begin('m1', ['ok']);
    await daemon.request('turn/steer', { threadId, expectedTurnId: turn.id, input: [text('with $pdf')] });
    request.finish('m1', ['ok']);
    const next = await upstream.request(1);
    expect(next.input.slice(-2)).toEqual([user('with $pdf'), user(skillText('pdf', pdf))]);
    next.answer('m2', ['done']);
    expect((await endOf(daemon, turn.id))['status']).toBe('completed');
  });
});
