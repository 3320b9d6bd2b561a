import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { contentOf, idOf, putThread } from '../core/store/support/home.ts';
import { TestDaemon } from '../support/daemon.ts';
import { text } from './turns.ts';

/** Every method that takes the id of a thread, with the other parameters that it needs. */
const METHODS: Readonly<Record<string, object>> = {
  'thread/resume': {},
  'thread/fork': {},
  'thread/read': { includeTurns: true },
  'thread/turns/list': {},
  'thread/turns/items/list': { turnId: 'u' },
  'thread/archive': {},
  'thread/unarchive': {},
  'thread/name/set': { name: 'x' },
  'thread/metadata/update': { gitInfo: { branch: 'b' } },
  'thread/unsubscribe': {},
  'thread/rollback': { numTurns: 1 },
  'thread/inject_items': { items: [] },
  'thread/compact/start': {},
  'thread/memoryMode/set': { mode: 'disabled' },
  'thread/increment_elicitation': {},
  'thread/decrement_elicitation': {},
  'thread/backgroundTerminals/clean': {},
  'thread/memory/summarize': {},
  'turn/start': { input: [text('x')] },
  'turn/steer': { input: [text('x')], expectedTurnId: 'u' },
  'turn/interrupt': { turnId: 'u' },
  'thread/realtime/start': { outputModality: 'audio' },
  'thread/realtime/appendText': { text: 'x' },
  'thread/realtime/stop': {},
};

const ID = idOf(1);

const NO_IDS = [
  '../../etc/passwd',
  '..',
  '/etc/passwd',
  '..%2f..%2fsecret',
  '..\\..\\secret',
  `../../../outside/${ID}`,
  `${ID}/../${ID}`,
  `${ID}.jsonl`,
  `${ID}\u0000`,
  `${ID}\n`,
  '*',
  `rollout-2025-02-03T10-00-00-${ID}`,
  'a'.repeat(1_000_000),
  '0'.repeat(33),
  `{${ID}`,
  '{../../etc/passwd}',
  'urn:uuid:../../etc/passwd',
  ID.replaceAll('0', '０'),
  '',
  '-',
];

/** Everything below a folder, with what the files hold. */
function contentsOf(folder: string): unknown[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .toSorted()
    .map((name) => {
      const path = join(folder, name);
      return statSync(path).isFile() ? [name, readFileSync(path, 'utf8'), statSync(path).mtimeMs] : [name];
    });
}

/** A home in a folder with a file of a thread beside it. */
async function openHome(): Promise<{ daemon: TestDaemon; folder: string }> {
  const folder = mkdtempSync(join(tmpdir(), 'parley-ids-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  for (const name of ['outside', 'home']) mkdirSync(join(folder, name));
  const thread = { stamp: '2025-02-03T10-00-00', id: ID };
  writeFileSync(join(folder, 'outside', `rollout-${thread.stamp}-${ID}.jsonl`), contentOf(thread));
  writeFileSync(join(folder, 'outside', ID), contentOf(thread));
  const daemon = await TestDaemon.open({ home: join(folder, 'home'), config: '' });
  await putThread(daemon.home, { ...thread, id: idOf(2) });
  return { daemon, folder };
}

it.each(Object.entries(METHODS))('%s refuses what is no id, and touches nothing', async (method, params) => {
  const { daemon, folder } = await openHome();
  const before = contentsOf(folder);
  for (const threadId of NO_IDS) {
    const { error } = await daemon.call(method, { threadId, ...params });
    expect(error, threadId.slice(0, 80)).toEqual({
      code: -32600,
      message: expect.stringMatching(/^invalid thread id: /u),
      data: { reason: 'invalidThreadId' },
    });
    expect(error?.message.length).toBeLessThan(200);
  }
  expect(contentsOf(folder)).toEqual(before);
});

it.each(Object.entries(METHODS))(
  '%s knows no thread by an id whose file is not in the home',
  async (method, params) => {
    const { daemon, folder } = await openHome();
    const before = contentsOf(folder);
    const answer = await daemon.call(method, { threadId: ID, ...params });
    if (method === 'thread/unsubscribe') {
      expect(answer).toEqual({ id: answer.id, result: { status: 'notLoaded' } });
    } else {
      expect(answer.error).toMatchObject({
        code: -32600,
        message: expect.stringMatching(
          /^(no (archived )?rollout found for thread id|thread not (found|loaded):) /u,
        ),
      });
    }
    expect(contentsOf(folder)).toEqual(before);
  },
);

it('a name in the index that is no id of a thread names nothing', async () => {
  const { daemon } = await openHome();
  writeFileSync(
    join(daemon.home, 'session_index.jsonl'),
    ['../../x', '__proto__', 'constructor', ID]
      .map((id) => `${JSON.stringify({ id, thread_name: 'Nobody', updated_at: '2025-01-01T00:00:00Z' })}\n`)
      .join('{"torn'),
  );
  expect(await daemon.request('thread/list', {})).toMatchObject({ data: [{ id: idOf(2), name: null }] });
});
