import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { RolloutEntry, SessionMeta, StoredGit } from '../../../src/core/rollout/index.ts';
import { ThreadRecord } from '../../../src/core/thread/record/thread-record.ts';
import type { ThreadRecordOptions } from '../../../src/core/thread/record/thread-record.ts';
import { deferred } from '../../../src/util/deferred.ts';

const META: SessionMeta = {
  id: 'thread',
  timestamp: '2030-01-02T03:04:05.000Z',
  cwd: '/repo',
  originator: 'test',
  cli_version: '0.130.0',
};
const GIT: StoredGit = { branch: 'roses' };

function note(message: string): RolloutEntry {
  return { type: 'event_msg', payload: { type: 'agent_message', message } };
}

/** What `note` and `session_meta` lines of a file say, shortly. */
function linesOf(path: string): unknown[] {
  return readFileSync(path, 'utf8')
    .trimEnd()
    .split('\n')
    .map((text) => {
      const { payload, type } = JSON.parse(text) as { type: string; payload: Record<string, unknown> };
      return type === 'session_meta' ? { meta: payload } : payload['message'];
    });
}

function openRecord(changes: Partial<ThreadRecordOptions> = {}) {
  const folder = mkdtempSync(join(tmpdir(), 'parley-record-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const troubles: string[] = [];
  const logged: string[] = [];
  let asked = 0;
  const log = (_fields: object, message: string): void => void logged.push(message);
  const record = new ThreadRecord({
    path: join(folder, 'sessions', 'rollout.jsonl'),
    meta: META,
    isNew: true,
    find: () => Promise.resolve(null),
    now: () => 1_700_000_000_000,
    logger: { debug: log, info: log, warn: log, error: log },
    onTrouble: (message) => troubles.push(message),
    ...changes,
    git: () => {
      asked += 1;
      return changes.git?.() ?? Promise.resolve(GIT);
    },
  });
  onTestFinished(() => record.close());
  return { record, folder, troubles, logged, asked: () => asked };
}

describe('the record of a new thread', () => {
  it('has no file before something happens', async () => {
    const { asked, record } = openRecord();
    expect([record.hasBegun, record.git]).toEqual([false, null]);
    expect(await record.flush()).toBe(true);
    expect(await record.modifiedAt()).toBe(null);
    await record.close();
    expect([existsSync(record.path), asked()]).toEqual([false, 0]);
  });

  it('begins with what the thread is, and asks git once', async () => {
    const { asked, record } = openRecord();
    record.record(note('one'));
    expect(record.hasBegun).toBe(true);
    record.record(note('two'), note('three'));
    expect(await record.flush()).toBe(true);
    record.record(note('four'));
    await record.close();
    expect(linesOf(record.path)).toEqual([{ meta: { ...META, git: GIT } }, 'one', 'two', 'three', 'four']);
    expect([asked(), record.git]).toEqual([1, GIT]);
  });

  it('begins also with nothing more than that', async () => {
    const { record } = openRecord({ git: () => Promise.resolve(null) });
    record.record();
    await record.flush();
    expect(linesOf(record.path)).toEqual([{ meta: META }]);
    expect(await record.modifiedAt()).toBe(statSync(record.path).mtimeMs);
  });

  it('keeps the order of what happens while git is asked', async () => {
    const answer = deferred<StoredGit | null>();
    const { record } = openRecord({ git: () => answer.promise });
    record.record(note('one'));
    record.record(note('two'));
    expect(existsSync(record.path)).toBe(false);
    const closed = record.close();
    answer.resolve(GIT);
    await closed;
    expect(linesOf(record.path)).toEqual([{ meta: { ...META, git: GIT } }, 'one', 'two']);
  });

  it('takes what a client says of git in place of what git says', async () => {
    const answer = deferred<StoredGit | null>();
    const { record } = openRecord({ git: () => answer.promise });
    record.record(note('one'));
    record.recordMeta({ git: { branch: 'tulips' } });
    answer.resolve(GIT);
    await record.flush();
    expect(record.git).toEqual({ branch: 'tulips' });
    const meta = { meta: { ...META, git: { branch: 'tulips' } } };
    expect(linesOf(record.path)).toEqual([meta, 'one', meta]);
  });

  it('begins with what a client says of git, without asking', async () => {
    const { asked, record } = openRecord();
    record.recordMeta({ git: { branch: 'tulips' } });
    record.recordMeta({ git: null });
    await record.flush();
    expect(linesOf(record.path)).toEqual([{ meta: { ...META, git: { branch: 'tulips' } } }, { meta: META }]);
    expect([asked(), record.git]).toEqual([0, null]);
  });
});

describe('the record of a thread that was kept', () => {
  it('goes on at the end of its file', async () => {
    const first = openRecord();
    first.record.record(note('one'));
    await first.record.close();
    const { path } = first.record;
    const { asked, record } = openRecord({ path, isNew: false, meta: { ...META, git: GIT } });
    expect([record.hasBegun, record.git]).toEqual([true, GIT]);
    record.record(note('two'));
    await record.flush();
    expect(linesOf(path)).toEqual([{ meta: { ...META, git: GIT } }, 'one', 'two']);
    expect(asked()).toBe(0);
  });

  it('says again what the thread is where its file is gone', async () => {
    const { record } = openRecord({ isNew: false });
    record.record(note('two'));
    await record.flush();
    expect(linesOf(record.path)).toEqual([{ meta: META }, 'two']);
  });

  it('adds what is known of git now', async () => {
    const first = openRecord();
    first.record.record(note('one'));
    await first.record.close();
    const { path } = first.record;
    const { record } = openRecord({ path, isNew: false });
    record.recordMeta({ git: { branch: 'tulips' } });
    await record.flush();
    expect(linesOf(path).at(-1)).toEqual({ meta: { ...META, git: { branch: 'tulips' } } });
  });
});

describe('a file that is moved', () => {
  it('is written on where it is told to be', async () => {
    const { folder, record } = openRecord();
    record.record(note('one'));
    await record.flush();
    const target = join(folder, 'moved.jsonl');
    renameSync(record.path, target);
    record.moveTo(target);
    record.record(note('two'));
    expect(await record.flush()).toBe(true);
    expect(record.path).toBe(target);
    expect(linesOf(target)).toEqual([{ meta: { ...META, git: GIT } }, 'one', 'two']);
    expect(existsSync(join(folder, 'sessions', 'rollout.jsonl'))).toBe(false);
  });

  it('by another program is found where it is', async () => {
    let found: string | null = null;
    const { folder, record, troubles } = openRecord({ find: () => Promise.resolve(found) });
    record.record(note('one'));
    await record.flush();
    mkdirSync(join(folder, 'archived'));
    found = join(folder, 'archived', 'rollout.jsonl');
    renameSync(record.path, found);
    record.record(note('two'));
    expect(await record.flush()).toBe(true);
    expect(record.path).toBe(found);
    expect(linesOf(found)).toEqual([{ meta: { ...META, git: GIT } }, 'one', 'two']);
    expect(troubles).toEqual([]);
  });
});

describe('a file that cannot be written', () => {
  it('is told of, and what happened does not count as kept', async () => {
    const { folder, record, troubles } = openRecord();
    mkdirSync(join(folder, 'sessions', 'rollout.jsonl'), { recursive: true });
    record.record(note('one'));
    expect(await record.flush()).toBe(false);
    expect(troubles).toEqual([`${record.path} cannot be written: EISDIR`]);
  });
});
