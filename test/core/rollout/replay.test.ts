import { readFile, readdir } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { RolloutEntry } from '../../../src/core/rollout/line.ts';
import { readHistory, readStored, settled } from '../../../src/core/rollout/replay.ts';
import { RolloutError } from '../../../src/core/rollout/rollout-error.ts';
import type { StoredThread } from '../../../src/core/rollout/thread-replay.ts';
import { Turn } from '../../../src/protocol/index.ts';
import type { ResponseItem } from '../../../src/responses/index.ts';
import { testFolder } from '../../support/folder.ts';
import { anyEntry } from './any-entry.ts';
import {
  META,
  aborted,
  answered,
  asked,
  compacted,
  completed,
  context,
  contextPayload,
  encoded,
  event,
  message,
  metaEntry,
  responseItem,
  rolledBack,
  rolloutFile,
  said,
  started,
  tokens,
  usageOf,
} from './entries.ts';
import { FIXTURES } from './fixtures.ts';

const FOLDER = fileURLToPath(new URL('../../fixtures/rollouts/', import.meta.url));

/** What a file of these entries tells, and the words of its history. */
async function read(...entries: readonly RolloutEntry[]): Promise<StoredThread & { words: string[] }> {
  const path = await rolloutFile(testFolder(), [metaEntry(), ...entries]);
  const stored = await readStored(path, { turns: true });
  return { ...stored, words: wordsOf(await readHistory(path, stored, summarize)) };
}

function summarize(before: readonly ResponseItem[], summary: string): ResponseItem[] {
  return [message('user', `${wordsOf(before).join('+')}=${summary}`)];
}

function wordsOf(items: readonly ResponseItem[]): string[] {
  return items.map((item) =>
    item.type === 'message'
      ? item.content.map((part) => (part.type === 'input_image' ? '' : part.text)).join('')
      : item.type,
  );
}

/** A turn as it is written: its settings, what was asked and answered, and the use of tokens. */
function wholeTurn(id: string, total: number): RolloutEntry[] {
  const [question, answer] = [`q-${id}`, `r-${id}`];
  return [
    started(id),
    context(id, { model: `m-${id}` }),
    responseItem('user', question),
    asked(question),
    answered(answer),
    responseItem('assistant', answer),
    tokens(total),
    completed(id),
  ];
}

describe('a fixture', () => {
  it.each(FIXTURES)('$name reads back whole', async ({ name, thread, lines, history }) => {
    const path = `${FOLDER}${name}.jsonl`;
    const content = await readFile(path, 'latin1');
    const offset = (line: number): number =>
      content.split('\n').slice(0, line).join('\n').length + Math.sign(line);
    const expected: StoredThread = {
      ...thread,
      history: {
        start: offset(lines.start),
        end: content.trimEnd().length,
        dropped: lines.dropped.map(([start, end]) => ({ start: offset(start), end: offset(end) })),
      },
    };
    const stored = await readStored(path, { turns: true });
    expect(stored).toEqual(expected);
    expect(wordsOf(await readHistory(path, stored, summarize))).toEqual(history);
    const bare = thread.turns.map((turn) => ({ ...turn, items: [], itemsView: 'notLoaded' }));
    expect(await readStored(path, { turns: false })).toEqual({ ...expected, turns: bare });
  });

  it('is never left out of this test', async () => {
    const files = await readdir(FOLDER);
    expect(files.filter((name) => name.endsWith('.jsonl')).sort()).toEqual(
      FIXTURES.map(({ name }) => `${name}.jsonl`).sort(),
    );
  });
});

describe('what a thread is', () => {
  it('is told by the first usable line, and git by the last of the same thread', async () => {
    const { meta } = await read(
      metaEntry({ id: 'source', cwd: '/other', git: { branch: 'source' } }),
      metaEntry({ cwd: '/ignored', git: { branch: 'topic', commit_hash: 'abc' } }),
    );
    expect(meta).toEqual({ ...META, git: { branch: 'topic', commit_hash: 'abc' } });
    const cleared = await read(metaEntry({ git: { branch: 'topic' } }), metaEntry());
    expect(cleared.meta).toEqual({ ...META, git: null });
  });

  it('has the name that was set last, but not the one of its source', async () => {
    const named = (thread_name: string | null, thread_id?: string): RolloutEntry =>
      event({ type: 'thread_name_updated', thread_name, ...(thread_id === undefined ? {} : { thread_id }) });
    expect((await read(named('a'), named('b', META.id), named('c', 'source'))).name).toBe('b');
    expect((await read(named('a'), named(null))).name).toBeNull();
  });

  it('is shown by the first words of the user, whatever becomes of them', async () => {
    const { preview } = await read(
      asked('  '),
      asked('context\n## My request for Codex:\n fix it '),
      rolledBack(9),
      asked('x'),
    );
    expect(preview).toBe('fix it');
  });
});

describe('the use of tokens', () => {
  it('belongs to the turn that was open, else to the one before', async () => {
    expect((await read(tokens(1))).usage).toBeNull();
    expect((await read(started('a'), tokens(1), event({ type: 'token_count', info: null }))).usage).toEqual({
      turnId: 'a',
      usage: usageOf(1),
    });
    const stale = await read(...wholeTurn('a', 1), tokens(2), started('b'), aborted('b'));
    expect(stale.usage).toEqual({ turnId: 'a', usage: usageOf(2) });
    const interrupted = await read(...wholeTurn('a', 1), started('b'), tokens(3), aborted('b'));
    expect(interrupted.usage).toEqual({ turnId: 'b', usage: usageOf(3) });
  });
});

describe('the settings', () => {
  it('are those of the last turn that has a user message', async () => {
    const a = contextPayload('a', { realtime_active: true });
    expect((await read(started('a'), context('a', a), asked('q'))).settings).toEqual(a);
    expect((await read(...wholeTurn('a', 1), started('b'), context('b'), completed('b'))).settings).toEqual(
      contextPayload('a', { model: 'm-a' }),
    );
    expect((await read(context('a', a))).settings).toBeNull();
    expect((await read(context(null), started('a'), asked('q'))).settings).toBeNull();
    expect((await read(started('a'), context('b'), asked('q'))).settings).toBeNull();
    expect(
      (await read(started('a'), context('a'), completed('a'), started('b'), asked('q'))).settings,
    ).toBeNull();
  });

  it('may change within a turn, and need no id', async () => {
    const later = contextPayload('a', { model: 'later' });
    expect((await read(started('a'), context('a'), asked('q'), context('a', later))).settings).toEqual(later);
    expect((await read(context(null), asked('q'))).settings).toEqual(contextPayload(null));
    expect((await read(asked('q'), context(null))).settings).toEqual(contextPayload(null));
    expect((await read(context(null), ...said('user', 'x', 'hello'))).settings).toBeNull();
  });
});

describe('what was said on a call', () => {
  it('waits for the next turn', async () => {
    const call = [...said('user', 'x', 'hello'), ...said('assistant', 'y', 'hi')];
    const waiting = [
      { role: 'user', text: 'hello' },
      { role: 'assistant', text: 'hi' },
    ];
    expect((await read(...call)).pendingUtterances).toEqual(waiting);
    expect((await read(...call, ...wholeTurn('a', 1))).pendingUtterances).toEqual([]);
    expect((await read(...call, ...wholeTurn('a', 1), rolledBack(1))).pendingUtterances).toEqual(waiting);
    expect((await read(...wholeTurn('a', 1), ...call, rolledBack(1))).pendingUtterances).toEqual([]);
    expect((await read(started('a'), context('a'), asked('q'), ...call)).pendingUtterances).toEqual(waiting);
  });
});

describe('a history', () => {
  it('begins with the last line that gives a whole one', async () => {
    const stored = await read(
      ...wholeTurn('a', 1),
      compacted([message('user', 'one'), { type: 'telepathy' }, 7]),
      ...wholeTurn('b', 2),
      compacted([message('user', 'two'), { type: 'compaction_summary', encrypted_content: 'x' }]),
      responseItem('user', 'more'),
      { type: 'response_item', payload: { type: 'telepathy' } },
    );
    expect(stored.words).toEqual(['two', 'compaction', 'more']);
    expect(stored).toMatchObject({ compactions: 2, isContextStale: true });
    expect(await read(compacted([]), started('a'), context('a'))).toMatchObject({
      compactions: 1,
      isContextStale: false,
      words: [],
    });
  });

  it('is summed up by what is given, where a line has only the summary', async () => {
    const { words, compactions } = await read(
      ...wholeTurn('a', 1),
      compacted(null, 'S'),
      responseItem('user', 'q'),
      compacted(null, 'T'),
      responseItem('user', 'r'),
    );
    expect(words).toEqual(['q-a+r-a=S+q=T', 'r']);
    expect(compactions).toBe(2);
    const { words: later } = await read(compacted([message('user', 'one')]), compacted(null, 'S'));
    expect(later).toEqual(['one=S']);
  });

  it('has no damaged lines, and ends where the thread ended when it was read', async () => {
    const folder = testFolder();
    const whole = encoded([metaEntry(), ...wholeTurn('a', 1), compacted([message('user', 'one')])]);
    const path = await rolloutFile(folder, `${whole.slice(0, -30)}\n${encoded([responseItem('user', 'q')])}`);
    const stored = await readStored(path, { turns: false });
    expect(stored).toMatchObject({ compactions: 0, skippedLines: 1 });
    expect(wordsOf(await readHistory(path, stored, summarize))).toEqual(['q-a', 'r-a', 'q']);
    const end = Buffer.byteLength(encoded([metaEntry(), ...wholeTurn('a', 1)])) - 1;
    const before = { history: { ...stored.history, end } };
    expect(wordsOf(await readHistory(path, before, summarize))).toEqual(['q-a', 'r-a']);
  });

  it('lacks the images that were refused, unless that was rolled back', async () => {
    const image = { type: 'input_image', image_url: 'data:image/png;base64,AA' };
    const shown = (call_id: string): RolloutEntry => ({
      type: 'response_item',
      payload: { type: 'function_call_output', call_id, output: [image] },
    });
    const refused = (call_id: string): RolloutEntry => ({ type: 'refused_images', payload: { call_id } });
    const path = await rolloutFile(testFolder(), [
      metaEntry(),
      ...wholeTurn('a', 1),
      shown('x'),
      shown('y'),
      refused('x'),
      started('b'),
      asked('q'),
      refused('y'),
      rolledBack(1),
    ]);
    const stored = await readStored(path, { turns: true });
    expect((await readHistory(path, stored, summarize)).slice(2)).toEqual([
      {
        type: 'function_call_output',
        call_id: 'x',
        output: [{ type: 'input_text', text: 'Invalid image' }],
      },
      { type: 'function_call_output', call_id: 'y', output: [image] },
    ]);
  });

  it('is read from lines that begin otherwise, too', async () => {
    const line = (type: string, payload: object): string => `${JSON.stringify({ payload, type })}\n`;
    const path = await rolloutFile(
      testFolder(),
      line('session_meta', META) +
        line('response_item', message('user', 'q')) +
        line('event_msg', { type: 'user_message', message: 'q' }) +
        line('event_msg', { type: 'thread_rolled_back', num_turns: 1 }) +
        line('response_item', message('user', 'r')),
    );
    const stored = await readStored(path, { turns: true });
    expect(stored).toMatchObject({ turns: [], skippedLines: 0 });
    expect(wordsOf(await readHistory(path, stored, summarize))).toEqual(['r']);
  });
});

describe('a rollback', () => {
  it('undoes everything that stands in what it drops', async () => {
    const { words, ...stored } = await read(
      ...wholeTurn('a', 1),
      ...wholeTurn('b', 2),
      compacted([message('user', 'one')]),
      ...said('user', 'x', 'hello'),
      rolledBack(2),
    );
    const plain = await read(...wholeTurn('a', 1));
    expect({ ...stored, words }).toEqual({ ...plain, history: stored.history });
    expect(words).toEqual(['q-a', 'r-a']);
  });

  it('can follow another one', async () => {
    const { words, turns, usage, settings } = await read(
      ...wholeTurn('a', 1),
      ...wholeTurn('b', 2),
      ...wholeTurn('c', 3),
      rolledBack(1),
      ...wholeTurn('d', 4),
      rolledBack(2),
      ...wholeTurn('e', 5),
      ...wholeTurn('f', 6),
      rolledBack(1),
      rolledBack(0),
    );
    expect(words).toEqual(['q-a', 'r-a', 'q-e', 'r-e']);
    expect(turns.map(({ id }) => id)).toEqual(['a', 'e']);
    expect(usage).toEqual({ turnId: 'e', usage: usageOf(5) });
    expect(settings).toEqual(contextPayload('e', { model: 'm-e' }));
  });

  it('of more turns than there are leaves what came before the first', async () => {
    const injected = responseItem('user', 'injected');
    const { words, turns, usage, settings, compactions, meta } = await read(
      injected,
      compacted([message('user', 'one')]),
      ...wholeTurn('a', 1),
      rolledBack(7),
      rolledBack(7),
    );
    expect({ words, turns, usage, settings, compactions, meta }).toEqual({
      words: ['injected'],
      turns: [],
      usage: null,
      settings: null,
      compactions: 0,
      meta: META,
    });
  });
});

describe('turns of a thread that does not run', () => {
  it('are interrupted where they are still open', async () => {
    const { turns } = await read(...wholeTurn('a', 1), started('b'), asked('q'));
    const [first, second] = turns;
    expect(settled(turns)).toEqual([first, { ...second, status: 'interrupted' }]);
    expect(second?.status).toBe('inProgress');
  });
});

describe('a file that is no thread', () => {
  it('is an error that names it', async () => {
    const folder = testFolder();
    for (const [content, code, problem] of [
      ['', 'empty', 'is empty'],
      ['\n\n', 'empty', 'is empty'],
      ['x', 'noSessionMeta', 'does not say what thread it holds'],
      [encoded([asked('q')]), 'noSessionMeta', 'does not say what thread it holds'],
    ] as const) {
      const path = await rolloutFile(folder, content);
      const error: unknown = await readStored(path, { turns: true }).catch((thrown: unknown) => thrown);
      expect(error).toEqual(new RolloutError(code, path, problem));
      expect(error).toMatchObject({ code, path, message: `rollout file ${path} ${problem}` });
    }
  });

  it('keeps the cause where the file system refuses', async () => {
    const folder = testFolder();
    for (const [path, errno] of [
      [`${folder}/missing`, 'ENOENT'],
      [folder, 'EISDIR'],
    ] as const) {
      const thrown = { name: 'RolloutError', code: 'unreadable', path, cause: { code: errno } };
      await expect(readStored(path, { turns: true })).rejects.toMatchObject(thrown);
      const history = { start: 0, end: 1, dropped: [] };
      await expect(readHistory(path, { history }, summarize)).rejects.toMatchObject(thrown);
    }
  });

  it('is not read on when the signal says so', async () => {
    const path = await rolloutFile(testFolder(), [metaEntry(), asked('q')]);
    const stored = await readStored(path, { turns: true });
    const reason = new Error('enough');
    const signal = AbortSignal.abort(reason);
    await expect(readStored(path, { turns: true, signal })).rejects.toBe(reason);
    await expect(readHistory(path, stored, summarize, { signal })).rejects.toBe(reason);
  });
});

describe('any file', () => {
  /** What does not depend on where a damaged last line is cut. */
  async function outcomeOf(folder: string, content: string | Uint8Array): Promise<unknown> {
    const path = await rolloutFile(folder, content);
    try {
      const { skippedLines: _skipped, history, ...stored } = await readStored(path, { turns: true });
      const items = await readHistory(path, { history }, summarize);
      return { stored, items, dropped: history.dropped };
    } catch (error) {
      if (!(error instanceof RolloutError)) throw error;
      return error.code === 'unreadable' ? error : 'no thread';
    }
  }

  it('that is cut at any byte reads as its whole lines', async () => {
    const folder = testFolder();
    const entries = fc.array(anyEntry, { maxLength: 30 });
    await fc.assert(
      fc.asyncProperty(entries, fc.nat(), async (some, at) => {
        const content = Buffer.from(encoded([metaEntry(), ...some]));
        const cut = content.subarray(0, at % (content.length + 1));
        const isWhole = content[cut.length] === 0x0a;
        const whole = isWhole
          ? content.subarray(0, cut.length + 1)
          : cut.subarray(0, cut.lastIndexOf('\n') + 1);
        expect(await outcomeOf(folder, cut)).toEqual(await outcomeOf(folder, whole));
      }),
    );
  });

  it('gives turns that clients can read, with ids that differ within a turn', async () => {
    const folder = testFolder();
    await fc.assert(
      fc.asyncProperty(fc.array(anyEntry, { maxLength: 40 }), async (some) => {
        const path = await rolloutFile(folder, [metaEntry(), ...some]);
        const { turns, history } = await readStored(path, { turns: true });
        for (const turn of turns) {
          expect(Turn.parse(turn)).toEqual(turn);
          expect(new Set(turn.items.map(({ id }) => id)).size).toBe(turn.items.length);
        }
        const numbered = turns
          .flatMap(({ items }) => items.map(({ id }) => id))
          .filter((id) => id.startsWith('item-'));
        expect(new Set(numbered).size).toBe(numbered.length);
        const edges = history.dropped.flatMap(({ start, end }) => [start, end]);
        expect(edges).toEqual([...new Set(edges)].sort((a, b) => a - b));
      }),
    );
  });

  it('of arbitrary bytes or JSON is a thread or none', async () => {
    const folder = testFolder();
    const line = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.json(),
      fc
        .record({
          timestamp: fc.constant('2026-11-20T23:15:22.141Z'),
          type: fc.constantFrom(
            'session_meta',
            'response_item',
            'event_msg',
            'compacted',
            'turn_context',
            'thread_item',
          ),
          payload: fc.oneof(
            fc.jsonValue(),
            fc.record({
              type: fc.constantFrom('user_message', 'message', 'task_started'),
              message: fc.jsonValue(),
            }),
          ),
        })
        .map((value) => JSON.stringify(value)),
    );
    const lines = fc.array(line).map((texts) => encoded([metaEntry()]) + texts.join('\n'));
    const content = fc.oneof(fc.uint8Array({ maxLength: 300 }), lines);
    await fc.assert(
      fc.asyncProperty(content, async (bytes) => {
        await outcomeOf(folder, bytes);
      }),
    );
  });
});
