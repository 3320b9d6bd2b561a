import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { gitRoot } from '../../../src/core/git/index.ts';
import type { FindGitRoot } from '../../../src/core/git/index.ts';
import { recentWork } from '../../../src/core/startup-context/recent-work.ts';
import type { RecentThread } from '../../../src/core/startup-context/recent-work.ts';
import { folderWith, recentThread, unhurried } from './support.ts';

const NO_REPOSITORY: FindGitRoot = async () => null;
const NOON = Date.UTC(2026, 0, 2, 12, 0, 0);

function workOf(
  threads: readonly Partial<RecentThread>[],
  { cwd = '/here', findGitRoot = NO_REPOSITORY }: { cwd?: string; findGitRoot?: FindGitRoot } = {},
): Promise<string | null> {
  return recentWork(threads.map(recentThread), { cwd, findGitRoot });
}

function headingsOf(text: string | null): string[] {
  return text?.match(/^### .*$/gmu) ?? [];
}

function asksOf(text: string | null): string[] {
  return text?.match(/^- .*$/gmu) ?? [];
}

describe('recent work', () => {
  it('is absent without threads', async () => {
    expect(await workOf([])).toBeNull();
    expect(await workOf([{ firstUserMessage: ' \n' }])).toBeNull();
  });

  it('is grouped by repository, else by folder', async () => {
    const folder = folderWith('repo/.git/', 'repo/one/', 'repo/two/', 'outside/');
    const repo = join(folder, 'repo');
    const text = await workOf(
      [
        { cwd: join(folder, 'outside'), firstUserMessage: 'Plan the garden', updatedAtMs: NOON + 2999 },
        {
          cwd: join(repo, 'two'),
          firstUserMessage: 'Fix  the\n parser',
          updatedAtMs: NOON + 1000,
          branch: ' fix/parser ',
        },
        { cwd: join(repo, 'one'), firstUserMessage: 'Write tests', updatedAtMs: NOON, branch: 'main' },
      ],
      { cwd: join(repo, 'one'), findGitRoot: (cwd) => gitRoot(cwd, unhurried()) },
    );

    expect(text).toBe(`### Repository: ${repo}
Sessions: 2
Last active: 2026-01-02T12:00:01+00:00
Branch of the last session: fix/parser

What the user asked for, newest first:
- ${repo}/two: Fix the parser
- ${repo}/one: Write tests

### Directory: ${folder}/outside
Sessions: 1
Last active: 2026-01-02T12:00:02+00:00

What the user asked for, newest first:
- ${folder}/outside: Plan the garden`);
  });

  it('has the group that is worked on first, then the latest, then by path', async () => {
    const text = await workOf([
      { cwd: '/late', updatedAtMs: NOON + 9000 },
      { cwd: '/b', updatedAtMs: NOON },
      { cwd: '/Z', updatedAtMs: NOON },
      { cwd: '/a', updatedAtMs: NOON },
      { cwd: '/here', updatedAtMs: 0 },
      { cwd: '/later', updatedAtMs: NOON - 1 },
      { cwd: '/later', updatedAtMs: NOON + 10_000 },
    ]);

    expect(headingsOf(text)).toEqual(
      ['/here', '/later', '/late', '/Z', '/a', '/b'].map((path) => `### Directory: ${path}`),
    );
  });

  it('keeps eight groups before it drops those without an ask', async () => {
    const folders = Array.from({ length: 9 }, (_, index) => ({
      cwd: `/${index}`,
      updatedAtMs: NOON - index,
      firstUserMessage: index === 3 ? ' ' : 'x',
    }));

    expect(headingsOf(await workOf(folders))).toEqual(
      [0, 1, 2, 4, 5, 6, 7].map((index) => `### Directory: /${index}`),
    );
  });

  it('shows a group without an ask where its branch is known', async () => {
    expect(await workOf([{ cwd: '/a', firstUserMessage: '', updatedAtMs: NOON, branch: 'main' }])).toBe(
      `### Directory: /a
Sessions: 1
Last active: 2026-01-02T12:00:00+00:00
Branch of the last session: main`,
    );
  });

  it('shows eight asks of the group that is worked on, and five of another', async () => {
    const text = await workOf(
      ['/here', '/there'].flatMap((cwd) =>
        Array.from({ length: 10 }, (_, index) => ({
          cwd,
          updatedAtMs: NOON - index,
          firstUserMessage: `ask ${index}`,
        })),
      ),
    );

    expect(asksOf(text)).toEqual([
      ...[0, 1, 2, 3, 4, 5, 6, 7].map((index) => `- /here: ask ${index}`),
      ...[0, 1, 2, 3, 4].map((index) => `- /there: ask ${index}`),
    ]);
    expect(text?.match(/Sessions: 10\n/gu)).toHaveLength(2);
  });

  it('shows an ask once for a folder, by its full text', async () => {
    const long = 'x'.repeat(300);
    const findGitRoot: FindGitRoot = async () => '/repo';
    const text = await workOf(
      [
        { cwd: '/repo', firstUserMessage: 'a  b' },
        { cwd: '/repo', firstUserMessage: ' a\nb ' },
        { cwd: '/repo/sub', firstUserMessage: 'a b' },
        { cwd: '/repo', firstUserMessage: `${long}1` },
        { cwd: '/repo', firstUserMessage: `${long}2` },
        { cwd: '/repo', firstUserMessage: `${long}2` },
      ],
      { findGitRoot, cwd: '/repo' },
    );

    expect(asksOf(text)).toEqual([
      '- /repo: a b',
      '- /repo/sub: a b',
      `- /repo: ${'x'.repeat(237)}...`,
      `- /repo: ${'x'.repeat(237)}...`,
    ]);
  });

  it.each([
    { what: '240 characters', ask: '😀'.repeat(240), shown: '😀'.repeat(240) },
    { what: '241 characters', ask: '😀'.repeat(241), shown: `${'😀'.repeat(237)}...` },
    { what: '241 letters', ask: 'x'.repeat(241), shown: `${'x'.repeat(237)}...` },
    { what: 'a mixture', ask: `x${'😀'.repeat(500)}`, shown: `x${'😀'.repeat(236)}...` },
  ])('counts characters, not bytes: $what', async ({ ask, shown }) => {
    expect(asksOf(await workOf([{ cwd: '/a', firstUserMessage: ask }]))).toEqual([`- /a: ${shown}`]);
  });

  it('looks at forty threads', async () => {
    const threads = Array.from({ length: 41 }, () => ({ cwd: '/a' }));

    expect(await workOf(threads)).toContain('Sessions: 40\n');
  });

  it('is named by the newest thread of a group', async () => {
    const findGitRoot: FindGitRoot = async (cwd) => (cwd === '/r/in' ? '/r' : null);
    const threads = [
      { cwd: '/r', updatedAtMs: NOON },
      { cwd: '/r/in', updatedAtMs: NOON + 1 },
    ];

    expect(headingsOf(await workOf(threads, { findGitRoot }))).toEqual(['### Repository: /r']);
  });

  it('shows a delegation as what the user said', async () => {
    const firstUserMessage =
      '<realtime_delegation>\n  <input>a &lt; b\n</input>\n  <transcript_delta>t</transcript_delta>\n</realtime_delegation>';

    expect(asksOf(await workOf([{ cwd: '/a', firstUserMessage }]))).toEqual(['- /a: a < b']);
  });

  it('has one line for every path, branch and ask', async () => {
    const text = await workOf([
      { cwd: '/a\nb', firstUserMessage: 'x\u0085y\u2028z', branch: 'b\nc', updatedAtMs: NOON },
    ]);

    expect(text).toBe(
      [
        String.raw`### Directory: /a\nb`,
        'Sessions: 1',
        'Last active: 2026-01-02T12:00:00+00:00',
        String.raw`Branch of the last session: b\nc`,
        '',
        'What the user asked for, newest first:',
        String.raw`- /a\nb: x\u{85}y z`,
      ].join('\n'),
    );
  });
});
