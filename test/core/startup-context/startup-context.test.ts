import { describe, expect, it } from 'vitest';
import { startupContext } from '../../../src/core/startup-context/index.ts';
import type { StartupContextSources } from '../../../src/core/startup-context/index.ts';
import { textTokens } from '../../../src/util/text-budget.ts';
import { aborted, agent, folderWith, recentThread, recordingLogger, unhurried, user } from './support.ts';

function sources(changes: Partial<StartupContextSources>): StartupContextSources {
  return {
    history: [],
    instructions: null,
    recentThreads: async () => [],
    cwd: '/nowhere/at/all',
    home: null,
    signal: unhurried(),
    logger: recordingLogger().logger,
    ...changes,
  };
}

function never<T>(): Promise<T> {
  return new Promise(() => {});
}

function headings(text: string | null): string[] {
  return text?.match(/^## .*$/gmu) ?? [];
}

describe('the startup context', () => {
  it('is nothing where nothing is known', async () => {
    expect(await startupContext(sources({}))).toBeNull();
    expect(await startupContext(sources({ home: folderWith('letters/') }))).toBeNull();
  });

  it('tells of a stored thread and of the workspace', async () => {
    const cwd = folderWith('.git/', 'README.md');
    const text = await startupContext(
      sources({
        cwd,
        recentThreads: async () => [
          recentThread({ cwd, branch: 'main', firstUserMessage: 'Fix the parser' }),
        ],
      }),
    );

    expect(text).toMatch(/^<startup_context>\n[^]*\n<\/startup_context>$/u);
    expect(headings(text)).toEqual(['## Recent work', '## Machine and workspace', '## About this overview']);
    expect(text).toContain(`### Repository: ${cwd}\nSessions: 1\n`);
    expect(text).toContain('Branch of the last session: main\n');
    expect(text).toContain(`- ${cwd}: Fix the parser\n`);
    expect(text).toContain('In the working directory:\n- README.md');
  });

  it('tells of the workspace where no thread is stored', async () => {
    const text = await startupContext(sources({ cwd: folderWith('docs/', 'README.md') }));

    expect(headings(text)).toEqual(['## Machine and workspace', '## About this overview']);
    expect(text).toContain('- docs/\n- README.md');
  });

  it('tells of the thread first', async () => {
    const text = await startupContext(
      sources({
        history: [user('Hello'), agent('Hi')],
        cwd: folderWith('README.md'),
        recentThreads: async () => [recentThread({})],
      }),
    );

    expect(headings(text)).toEqual([
      '## This thread',
      '## Recent work',
      '## Machine and workspace',
      '## About this overview',
    ]);
    expect(text).toContain('### Latest turn\nUser:\nHello\n\nAgent:\nHi\n\n## Recent work\n');
  });

  it('stays within 5,300 tokens when there is too much of everything', async () => {
    const files = Array.from({ length: 20 }, (_, index) => `${String(index).repeat(50)}/${'f'.repeat(200)}`);
    const threads = Array.from({ length: 40 }, (_, index) =>
      recentThread({ cwd: `/${index % 8}`, firstUserMessage: `${index} ${'x'.repeat(100_000)}` }),
    );
    const text = await startupContext(
      sources({
        history: Array.from({ length: 20 }, (_, index) => user(`${index} ${'y'.repeat(10_000)}`)),
        cwd: folderWith(...files),
        recentThreads: async () => threads,
      }),
    );

    expect(headings(text)).toHaveLength(4);
    expect(textTokens(text ?? '')).toBeGreaterThan(5000);
    expect(textTokens(text ?? '')).toBeLessThanOrEqual(5300);
  });

  it('leaves the threads out where they cannot be listed', async () => {
    const { logger, lines } = recordingLogger();
    const fail = async (): Promise<never> => {
      throw Object.assign(new Error('private text'), { code: 'EIO' });
    };
    const text = await startupContext(sources({ cwd: folderWith('README.md'), recentThreads: fail, logger }));

    expect(headings(text)).toEqual(['## Machine and workspace', '## About this overview']);
    expect(lines.filter(({ level }) => level === 'warn')).toEqual([
      {
        level: 'warn',
        fields: { section: 'Recent work', reason: 'EIO' },
        message: 'a section of the startup context is left out',
      },
    ]);
  });

  it('does not throw where the list of threads throws at once, or has an impossible time', async () => {
    const atOnce = (): never => {
      throw new Error('broken');
    };
    const impossible = async () => [recentThread({ updatedAtMs: Number.NaN })];

    expect(await startupContext(sources({ recentThreads: atOnce }))).toBeNull();
    expect(await startupContext(sources({ recentThreads: impossible }))).toBeNull();
  });

  it('uses what is ready when the signal aborts, and logs what is not', async () => {
    const controller = new AbortController();
    const { logger, lines } = recordingLogger(({ fields, message }) => {
      const isReady = message === 'a section of the startup context is ready';
      if (isReady && fields['section'] === 'Machine and workspace') controller.abort();
    });
    const text = await startupContext(
      sources({
        history: [user('Hello')],
        cwd: folderWith('README.md'),
        recentThreads: never,
        signal: controller.signal,
        logger,
      }),
    );

    expect(headings(text)).toEqual(['## This thread', '## Machine and workspace', '## About this overview']);
    expect(lines.filter(({ level }) => level === 'warn')).toEqual([
      {
        level: 'warn',
        fields: { section: 'Recent work', reason: 'out of time' },
        message: 'a section of the startup context is left out',
      },
    ]);
  });

  it('still tells of the thread when the signal has aborted before', async () => {
    const { logger, lines } = recordingLogger();
    const text = await startupContext(
      sources({
        history: [user('Hello')],
        cwd: folderWith('README.md'),
        recentThreads: never,
        signal: aborted(),
        logger,
      }),
    );

    expect(headings(text)).toEqual(['## This thread', '## About this overview']);
    expect(lines.filter(({ level }) => level === 'warn').map(({ fields }) => fields)).toEqual([
      { section: 'Recent work', reason: 'out of time' },
      { section: 'Machine and workspace', reason: 'out of time' },
    ]);
  });

  it('is not held up by a list that fails after the signal has aborted', async () => {
    const controller = new AbortController();
    let fail: (error: Error) => void = () => {};
    const recentThreads = (): Promise<never> =>
      new Promise((_, reject) => {
        fail = reject;
        controller.abort();
      });
    const text = await startupContext(sources({ recentThreads, signal: controller.signal }));
    fail(new Error('late'));

    expect(text).toBeNull();
  });

  it('has the log without what was said or where', async () => {
    const { logger, lines } = recordingLogger();
    const cwd = folderWith('README.md');
    await startupContext(
      sources({
        history: [user('private')],
        cwd,
        recentThreads: async () => [recentThread({ cwd })],
        logger,
      }),
    );

    expect(lines.map(({ fields }) => Object.keys(fields))).toEqual([
      ['section', 'tokens'],
      ['section', 'tokens'],
      ['section', 'tokens'],
    ]);
    expect(JSON.stringify(lines)).not.toMatch(/private|README|Fix it|startup-context-/u);
  });
});
