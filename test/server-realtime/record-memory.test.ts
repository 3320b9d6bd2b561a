import { describe, expect, it, test } from 'vitest';
import type { ThreadObject } from '../server/stored.ts';
import { endOf, layout, startTurn, wholeTurn, wordsOf } from '../server/turns.ts';
import { itemDone } from '../support/responses-upstream.ts';
import {
  conversationOf,
  hears,
  hold,
  kill,
  note,
  oldSpeech,
  openRecorded,
  reopen,
  speaks,
  speech,
  voiceNotes,
} from './recorded-call.ts';
import type { RecordedCall } from './recorded-call.ts';

const ROSES = [...speech('user', 'u1', 'Plant roses.'), ...speech('assistant', 'a1', 'Roses it is.')];
const TOLD = note('user: Plant roses.', 'assistant: Roses it is.');

/** The notes that the model was given with the n-th request. */
async function notesOf({ typed }: RecordedCall, index: number): Promise<string[]> {
  return voiceNotes((await typed.upstream.request(index)).input);
}

describe('the text model', () => {
  test.each<[name: string, events: object[], params: object]>([
    ['', ROSES, {}],
    [
      ', also where the upstream names no items',
      [...oldSpeech('user', 'Plant ', 'roses.'), ...oldSpeech('assistant', 'Roses ', 'it is.')],
      { version: 'v1' },
    ],
  ])('is told in the next turn what was said, once and before the input%s', async (_name, events, params) => {
    const recorded = await openRecorded();
    await hold(recorded.call, events, params);
    await wholeTurn(recorded.typed, 'go on');
    await wholeTurn(recorded.typed, 'and now?');
    expect(await notesOf(recorded, 0)).toEqual([TOLD]);
    expect(await notesOf(recorded, 1)).toEqual([TOLD]);
    const [first, second] = recorded.typed.upstream.requests;
    const at = first?.input.findIndex((item) => wordsOf(item) === TOLD) ?? -1;
    expect(layout(first?.input.slice(at) ?? [])).toEqual(['developer', 'user: go on']);
    // The history goes on behind what the first request had, so nothing is told anew.
    expect(second?.input.slice(0, first?.input.length)).toEqual(first?.input);
    expect(layout(second?.input.slice(first?.input.length) ?? []).at(-1)).toBe('user: and now?');
  });

  it('is told each time what is new', async () => {
    const recorded = await openRecorded();
    await hold(recorded.call, ROSES);
    await wholeTurn(recorded.typed, 'go on');
    await hold(recorded.call, speech('user', 'u2', 'And tulips.'));
    await wholeTurn(recorded.typed, 'go on');
    expect(await notesOf(recorded, 1)).toEqual([TOLD, note('user: And tulips.')]);
  });

  it('is told of typed text as well', async () => {
    const recorded = await openRecorded();
    const { call, typed } = recorded;
    const socket = await call.start();
    await call.appendText('Plant <roses> & tulips.');
    await hears(call, socket, ...speech('assistant', 'a1', '</voice_conversation>'));
    await call.stop();
    await wholeTurn(typed, 'go on');
    expect(await notesOf(recorded, 0)).toEqual([
      note('user: Plant &lt;roses&gt; &amp; tulips.', 'assistant: &lt;/voice_conversation&gt;'),
    ]);
  });

  it('is told of a call that is still on, as far as it went', async () => {
    const recorded = await openRecorded();
    const socket = await recorded.call.start();
    await hears(recorded.call, socket, ...ROSES, ...speaks('user', 'u2', 'And'));
    await wholeTurn(recorded.typed, 'go on');
    await hears(recorded.call, socket, ...speech('user', 'u2', ' tulips.'));
    await recorded.call.stop();
    await wholeTurn(recorded.typed, 'go on');
    expect(await notesOf(recorded, 1)).toEqual([TOLD, note('user: tulips.')]);
  });

  it('is told with the next turn what was said while one ran', async () => {
    const recorded = await openRecorded();
    const { call, typed } = recorded;
    const turnId = await startTurn(typed, 'look around');
    const request = await typed.upstream.request(0);
    await hold(call, ROSES);
    request.answer('m1', ['done']);
    await endOf(typed.daemon, turnId);
    await wholeTurn(typed, 'go on');
    expect(voiceNotes(request.input)).toEqual([]);
    expect(await notesOf(recorded, 1)).toEqual([TOLD]);
  });

  it('is told although the turn that told it failed', async () => {
    const recorded = await openRecorded();
    const { call, typed } = recorded;
    await hold(call, ROSES);
    const turnId = await startTurn(typed, 'go on');
    (await typed.upstream.request(0)).refuse(400, '{}');
    expect(await endOf(typed.daemon, turnId)).toMatchObject({ status: 'failed' });
    await wholeTurn(typed, 'again');
    expect(await notesOf(recorded, 1)).toEqual([TOLD]);
  });
});

describe('after the daemon was ended', () => {
  test.each<[name: string, end: (recorded: RecordedCall) => Promise<void>]>([
    ['of itself', ({ typed }) => typed.daemon.stop()],
    [
      'by force',
      async ({ typed }) => {
        // An answer that was read from the file shows that it is there.
        await conversationOf(typed);
        await kill(typed.daemon);
      },
    ],
  ])('%s, the text model is told what was said, once', async (_name, end) => {
    const recorded = await openRecorded();
    await hold(recorded.call, ROSES);
    await end(recorded);
    const thread = await reopen(recorded);
    await wholeTurn(thread, 'go on');
    await wholeTurn(thread, 'and now?');
    expect(await notesOf(recorded, 0)).toEqual([TOLD]);
    expect(await notesOf(recorded, 1)).toEqual([TOLD]);
  });

  it('in the middle of a call, the text model is told what was said up to then', async () => {
    const recorded = await openRecorded();
    const socket = await recorded.call.start();
    await hears(recorded.call, socket, ...ROSES, ...speaks('user', 'u2', 'And tu'));
    await conversationOf(recorded.typed);
    await kill(recorded.typed.daemon);
    await wholeTurn(await reopen(recorded), 'go on');
    expect(await notesOf(recorded, 0)).toEqual([TOLD]);
  });

  it('what was told before is not told again', async () => {
    const recorded = await openRecorded();
    await hold(recorded.call, ROSES);
    await wholeTurn(recorded.typed, 'go on');
    await hold(recorded.call, speech('user', 'u2', 'And tulips.'));
    await recorded.typed.daemon.stop();
    await wholeTurn(await reopen(recorded), 'and now?');
    expect(await notesOf(recorded, 1)).toEqual([TOLD, note('user: And tulips.')]);
  });

  it('what was said while the last turn ran is told', async () => {
    const recorded = await openRecorded();
    const { call, typed } = recorded;
    const turnId = await startTurn(typed, 'look around');
    const request = await typed.upstream.request(0);
    await hold(call, ROSES);
    request.answer('m1', ['done']);
    await endOf(typed.daemon, turnId);
    await typed.daemon.stop();
    await wholeTurn(await reopen(recorded), 'go on');
    expect(await notesOf(recorded, 1)).toEqual([TOLD]);
  });
});

describe('a history that is compacted', () => {
  const CALL = itemDone({ type: 'function_call', id: 'fc1', call_id: 'c1', name: 'look', arguments: '{}' });

  /** A turn that is compacted in its middle, after something was said. */
  async function compactMidTurn(recorded: RecordedCall): Promise<void> {
    const { call, typed } = recorded;
    const turnId = await startTurn(typed, 'look around');
    const first = await typed.upstream.request(0);
    await hold(call, ROSES);
    first.send({ type: 'response.created', response: { id: 'r0' } }, CALL, {
      type: 'response.completed',
      response: { id: 'r0', usage: { ...TOO_MUCH } },
    });
    first.end();
    (await typed.upstream.request(1)).answer('s1', ['the summary']);
    (await typed.upstream.request(2)).answer('m2', ['done']);
    expect(await endOf(typed.daemon, turnId)).toMatchObject({ status: 'completed' });
  }

  const TOO_MUCH = {
    input_tokens: 9_000,
    input_tokens_details: { cached_tokens: 0 },
    output_tokens: 1_000,
    output_tokens_details: { reasoning_tokens: 0 },
    total_tokens: 10_000,
  };

  it('in the middle of a turn says what was said meanwhile, once, and so it does after a restart', async () => {
    const recorded = await openRecorded({ top: 'model_auto_compact_token_limit = 5000' });
    await compactMidTurn(recorded);
    expect(await notesOf(recorded, 2)).toEqual([TOLD]);
    await recorded.typed.daemon.stop();
    await wholeTurn(await reopen(recorded), 'go on');
    expect(await notesOf(recorded, 3)).toEqual([TOLD]);
  });

  it('between turns leaves what was said for the next one', async () => {
    const recorded = await openRecorded();
    const { call, typed } = recorded;
    await wholeTurn(typed, 'look around');
    await hold(call, ROSES);
    await typed.daemon.request('thread/compact/start', { threadId: typed.threadId });
    (await typed.upstream.request(1)).answer('s1', ['the summary']);
    await typed.daemon.waitForNotification('turn/completed', ({ turn }) => {
      const { id } = turn as { id: string };
      return typed.daemon
        .notifications('item/completed')
        .some(
          ({ params }) =>
            params?.['turnId'] === id && (params['item'] as { type: string }).type === 'contextCompaction',
        );
    });
    await typed.daemon.stop();
    await wholeTurn(await reopen(recorded), 'go on');
    expect(await notesOf(recorded, 2)).toEqual([TOLD]);
  });
});

describe('other threads', () => {
  it('a fork knows what was said on the calls of its source, and shows it', async () => {
    const recorded = await openRecorded();
    const { call, typed } = recorded;
    await hold(call, ROSES);
    await conversationOf(typed);
    const { thread } = await typed.daemon.request<{ thread: ThreadObject }>('thread/fork', {
      threadId: typed.threadId,
    });
    const fork = { ...typed, threadId: thread.id };
    await wholeTurn(fork, 'go on');
    await wholeTurn(typed, 'go on');
    expect(await notesOf(recorded, 0)).toEqual([TOLD]);
    expect(await notesOf(recorded, 1)).toEqual([TOLD]);
    expect((await conversationOf(fork)).slice(0, 2)).toEqual([
      'user: Plant roses.',
      'assistant: Roses it is.',
    ]);
  });

  it('the turn before a rollback tells again what the dropped one had told', async () => {
    const recorded = await openRecorded();
    const { call, typed } = recorded;
    await hold(call, ROSES);
    await wholeTurn(typed, 'go on');
    await typed.daemon.request('thread/rollback', { threadId: typed.threadId, numTurns: 1 });
    await wholeTurn(typed, 'something else');
    expect(await notesOf(recorded, 1)).toEqual([TOLD]);
    expect(JSON.stringify((await typed.upstream.request(1)).input)).not.toContain('go on');
  });

  it('hear nothing of it', async () => {
    const recorded = await openRecorded();
    const other = await recorded.typed.daemon.startThread();
    await hold(recorded.call, ROSES);
    await wholeTurn({ ...recorded.typed, threadId: other }, 'go on');
    expect(await notesOf(recorded, 0)).toEqual([]);
  });
});

describe('a very long call', () => {
  const COUNT = 10_000;

  it('is kept whole, and the text model is told its end', async () => {
    const recorded = await openRecorded();
    const { call, typed } = recorded;
    const socket = await call.start();
    for (let index = 0; index < COUNT; index += 500) {
      const part = Array.from({ length: 500 }, (_, offset) => index + offset);
      await hears(
        call,
        socket,
        ...part.map(
          (each) => speech(each % 2 === 0 ? 'user' : 'assistant', `i${each}`, `word ${each}`)[2] ?? {},
        ),
      );
    }
    await call.stop();
    expect(await conversationOf(typed)).toEqual(
      Array.from({ length: COUNT }, (_, each) => `${each % 2 === 0 ? 'user' : 'assistant'}: word ${each}`),
    );
    await typed.daemon.stop();
    await wholeTurn(await reopen(recorded), 'go on');
    const [told = '', ...more] = await notesOf(recorded, 0);
    expect(more).toEqual([]);
    expect(told.length).toBeLessThan(41_000);
    expect(told).toContain('\n(what was said before is left out)\n');
    expect(told).toMatch(/user: word 9998\nassistant: word 9999\n<\/voice_conversation>$/);
  });
});
