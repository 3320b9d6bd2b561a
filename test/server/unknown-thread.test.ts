import { expect, it } from 'vitest';
import { methods } from '../../src/protocol/index.ts';
import { idOf } from '../core/store/support/home.ts';
import { TestDaemon } from '../support/daemon.ts';
import { text } from './turns.ts';

const ID = idOf(1);
const NOT_FOUND = [`thread not found: ${ID}`, 'threadNotFound'] as const;
const NOT_KEPT = [`no rollout found for thread id ${ID}`, 'rolloutNotFound'] as const;
const NOT_LOADED = [`thread not loaded: ${ID}`, 'rolloutNotFound'] as const;
/** Neither loaded nor kept. */
const NOWHERE = [`thread not found: ${ID}`, 'rolloutNotFound'] as const;
const AUDIO = { data: '', sampleRate: 24_000, numChannels: 1 };

/** Every method that names a thread: its other params, and the message and reason of the refusal. */
const REFUSALS: Readonly<Record<string, readonly [params: object, refusal: readonly [string, string]]>> = {
  'thread/resume': [{}, NOT_KEPT],
  'thread/fork': [{}, NOT_KEPT],
  'thread/archive': [{}, NOT_KEPT],
  'thread/unarchive': [{}, [`no archived rollout found for thread id ${ID}`, 'rolloutNotFound']],
  'thread/read': [{}, NOT_LOADED],
  'thread/turns/list': [{}, NOT_LOADED],
  'thread/turns/items/list': [{ turnId: 'u' }, NOT_LOADED],
  'thread/name/set': [{ name: 'x' }, NOWHERE],
  'thread/metadata/update': [{ gitInfo: { branch: 'b' } }, NOWHERE],
  'thread/memoryMode/set': [{ mode: 'disabled' }, NOWHERE],
  'thread/increment_elicitation': [{}, NOT_FOUND],
  'thread/decrement_elicitation': [{}, NOT_FOUND],
  'thread/compact/start': [{}, NOT_FOUND],
  'thread/shellCommand': [{ command: 'true' }, NOT_FOUND],
  'thread/backgroundTerminals/clean': [{}, NOT_FOUND],
  'thread/memory/summarize': [{}, NOT_FOUND],
  'thread/rollback': [{ numTurns: 1 }, NOT_FOUND],
  'thread/inject_items': [{ items: [] }, NOT_FOUND],
  'turn/start': [{ input: [text('x')] }, NOT_FOUND],
  'turn/steer': [{ input: [text('x')], expectedTurnId: 'u' }, NOT_FOUND],
  'turn/interrupt': [{ turnId: 'u' }, NOT_FOUND],
  'thread/realtime/start': [{ outputModality: 'audio' }, NOT_FOUND],
  'thread/realtime/appendAudio': [{ audio: AUDIO }, NOT_FOUND],
  'thread/realtime/appendText': [{ text: 'x' }, NOT_FOUND],
  'thread/realtime/stop': [{}, NOT_FOUND],
  'mcpServer/resource/read': [{ server: 's', uri: 'u' }, NOT_FOUND],
  'mcpServer/tool/call': [{ server: 's', tool: 't' }, NOT_FOUND],
};

/** What is answered whatever the thread is. */
const OTHERS = ['thread/unsubscribe', 'thread/goal/set', 'thread/goal/get', 'thread/goal/clear'];

it('every method says in its own words that it does not know a thread, however the id is spelled', async () => {
  const named = methods.filter(({ scope }) => scope === 'thread').map(({ method }) => method);
  expect(named.toSorted()).toEqual([...Object.keys(REFUSALS), ...OTHERS].toSorted());
  const daemon = await TestDaemon.open();
  for (const [method, [params, [message, reason]]] of Object.entries(REFUSALS)) {
    for (const threadId of [ID, `urn:uuid:${ID.toUpperCase()}`]) {
      const { error } = await daemon.call(method, { threadId, ...params });
      expect(error, method).toEqual({ code: -32600, message, data: { reason } });
    }
  }
  expect(await daemon.request('thread/unsubscribe', { threadId: ID })).toEqual({ status: 'notLoaded' });
  expect(await daemon.request('thread/list', {})).toEqual({
    data: [],
    nextCursor: null,
    backwardsCursor: null,
  });
});

it('a turn that is given too much is refused for that before its thread is looked for', async () => {
  const daemon = await TestDaemon.open();
  const input = [text('x'.repeat(1_048_577))];
  for (const threadId of ['no id', ID]) {
    expect((await daemon.call('turn/start', { threadId, input })).error).toEqual({
      code: -32602,
      message: 'Input exceeds the maximum length of 1048576 characters.',
      data: {
        reason: 'inputTooLarge',
        input_error_code: 'input_too_large',
        max_chars: 1_048_576,
        actual_chars: 1_048_577,
      },
    });
  }
});
