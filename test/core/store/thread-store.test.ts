import { mkdir, readFile, readdir, stat, symlink, unlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { contentOf, idOf, numbersOf, openHome, pathOf } from './support/home.ts';

/** Of version 7, made at 2026-11-20T23:15:22.103Z. */
const TIMED = '01a1fb3e-3b77-7000-8000-000000000001';

describe('finding a thread by its id', () => {
  it('finds it in use and in the archive', async () => {
    const { codexHome, put, store } = await openHome();
    const used = { stamp: '2025-01-02T12-00-00', id: idOf(1) };
    const archived = { stamp: '2025-01-02T12-00-00', id: idOf(2), archived: true };
    await put(used, archived);
    expect(await store.find(used.id)).toEqual({ path: pathOf(codexHome, used), isArchived: false });
    expect(await store.find(archived.id)).toEqual({ path: pathOf(codexHome, archived), isArchived: true });
    expect(await store.find(idOf(3))).toBeNull();
  });

  it('finds one whose file was made long after its id', async () => {
    const { codexHome, put, store } = await openHome();
    const late = { stamp: '2027-01-02T12-00-00', id: TIMED };
    await put(late);
    expect(await store.find(TIMED)).toEqual({ path: pathOf(codexHome, late), isArchived: false });
  });

  it('finds one in the folder of its time, and follows no link there', async () => {
    const { codexHome, put, store } = await openHome();
    const elsewhere = await openHome();
    const stamp = '2026-11-21T04-00-00';
    await elsewhere.put({ stamp, id: TIMED });
    await mkdir(join(codexHome, 'sessions'));
    await symlink(join(elsewhere.codexHome, 'sessions', '2026'), join(codexHome, 'sessions', '2026'));
    expect(await store.find(TIMED)).toBeNull();
    await unlink(join(codexHome, 'sessions', '2026'));
    await put({ stamp, id: TIMED });
    expect(await store.find(TIMED)).toEqual({
      path: pathOf(codexHome, { stamp, id: TIMED }),
      isArchived: false,
    });
  });

  it.each([
    '',
    '..',
    '../../x',
    `../${idOf(1)}`,
    `${idOf(1)}/../x`,
    idOf(1).replaceAll('-', ''),
    `{${idOf(1)}}`,
    'A0000000-0000-4000-8000-000000000001',
    `${idOf(1)}\0`,
  ])('finds nothing for %j', async (id) => {
    const { put, store } = await openHome();
    await put({ stamp: '2025-01-02T12-00-00', id: idOf(1) });
    expect(await store.find(id)).toBeNull();
    expect(await store.archive(id)).toBeNull();
    expect(await store.unarchive(id)).toBeNull();
  });

  it('logs a folder that cannot be searched', async () => {
    const { codexHome, logged, store } = await openHome();
    await writeFile(join(codexHome, 'sessions'), '');
    expect(await store.find(idOf(1))).toBeNull();
    expect(logged).toEqual([
      {
        text: 'a folder of threads cannot be searched',
        path: join(codexHome, 'sessions'),
        reason: 'the folder cannot be read: ENOTDIR',
      },
    ]);
  });
});

describe('the archive', () => {
  it('takes a file, and gives it back to its day as changed now', async () => {
    const home = await openHome();
    const thread = { stamp: '2025-01-02T12-00-00', id: idOf(1), mtimeMs: 1_700_000_000_000 };
    const [path = ''] = await home.put(thread);
    const archived = pathOf(home.codexHome, { ...thread, archived: true });
    expect(await home.store.archive(thread.id)).toBe(archived);
    expect(await home.store.archive(thread.id)).toBeNull();
    expect([numbersOf(await home.list()), numbersOf(await home.list({ archived: true }))]).toEqual([[], [1]]);
    expect(Math.floor((await stat(archived)).mtimeMs)).toBe(1_700_000_000_000);

    expect(await home.store.unarchive(thread.id)).toBe(path);
    expect(await home.store.unarchive(thread.id)).toBeNull();
    expect([numbersOf(await home.list()), numbersOf(await home.list({ archived: true }))]).toEqual([[1], []]);
    expect(await home.store.times(path)).toEqual({
      createdAt: new Date(2025, 0, 2, 12).getTime(),
      updatedAt: Date.UTC(2026, 10, 21, 8, 0, 0, 250),
    });
    expect(await readFile(path, 'utf8')).toBe(contentOf(thread));
  });

  it('never takes the place of another file', async () => {
    const { codexHome, put, store } = await openHome();
    const thread = { stamp: '2025-01-02T12-00-00', id: idOf(1), message: 'mine' };
    const [path = ''] = await put(thread);
    const target = pathOf(codexHome, { ...thread, archived: true });
    await mkdir(target, { recursive: true });
    await expect(store.archive(thread.id)).rejects.toThrow(`${target} exists already`);
    expect(await readFile(path, 'utf8')).toBe(contentOf(thread));
  });

  it('gives nothing to a folder that is elsewhere', async () => {
    const { codexHome, put, store } = await openHome();
    const elsewhere = await openHome();
    const thread = { stamp: '2025-01-02T12-00-00', id: idOf(1), archived: true };
    const [path = ''] = await put(thread);
    await mkdir(join(codexHome, 'sessions'));
    await symlink(elsewhere.codexHome, join(codexHome, 'sessions', '2025'));
    const folder = join(codexHome, 'sessions', '2025', '01', '02');
    await expect(store.unarchive(thread.id)).rejects.toThrow(`${folder} is not a folder of this home`);
    expect(await store.find(thread.id)).toEqual({ path, isArchived: true });
  });

  it('has nothing of a thread that is not stored', async () => {
    const { store } = await openHome();
    expect(await store.archive(idOf(1))).toBeNull();
    expect(await store.unarchive(idOf(1))).toBeNull();
  });
});

describe('the times of a file', () => {
  it('are those of its last change where its name says nothing', async () => {
    const { codexHome, store } = await openHome();
    const path = join(codexHome, 'copy.jsonl');
    await writeFile(path, '');
    const updatedAt = Math.floor((await stat(path)).mtimeMs);
    expect(await store.times(path)).toEqual({ createdAt: updatedAt, updatedAt });
    await expect(store.times(`${path}.none`)).rejects.toMatchObject({ code: 'ENOENT' });
  });
});

describe('the names of threads', () => {
  it('are none without an index', async () => {
    const { codexHome, store } = await openHome();
    expect(await store.nameOf(idOf(1))).toBeNull();
    expect(await store.names()).toEqual(new Map());
    expect(await readdir(codexHome)).toEqual([]);
  });

  it('are what was set last, in lines of the index', async () => {
    const { codexHome, store } = await openHome();
    await store.setName(idOf(1), 'first');
    await store.setName(idOf(2), 'Zweite "Sache"\n');
    expect(await store.nameOf(idOf(1))).toBe('first');
    await store.setName(idOf(1), 'again');
    expect(await store.names()).toEqual(
      new Map([
        [idOf(1), 'again'],
        [idOf(2), 'Zweite "Sache"\n'],
      ]),
    );
    expect(await readFile(join(codexHome, 'session_index.jsonl'), 'utf8')).toBe(
      `{"id":"${idOf(1)}","thread_name":"first","updated_at":"2026-11-21T08:00:00.250Z"}\n` +
        `{"id":"${idOf(2)}","thread_name":"Zweite \\"Sache\\"\\n","updated_at":"2026-11-21T08:00:00.250Z"}\n` +
        `{"id":"${idOf(1)}","thread_name":"again","updated_at":"2026-11-21T08:00:00.250Z"}\n`,
    );
  });

  it('survive lines that cannot be read, and a torn last one', async () => {
    const { codexHome, store } = await openHome();
    const path = join(codexHome, 'session_index.jsonl');
    const lines = [
      '',
      'null',
      '[]',
      '{"id":1,"thread_name":"x"}',
      `{"id":"${idOf(1)}","thread_name":"kept"}`,
      '{"id":"',
    ];
    await writeFile(path, lines.join('\n'));
    expect(await store.names()).toEqual(new Map([[idOf(1), 'kept']]));
    await store.setName(idOf(2), 'new');
    expect(await store.names()).toEqual(
      new Map([
        [idOf(1), 'kept'],
        [idOf(2), 'new'],
      ]),
    );
    expect(await readFile(path, 'utf8')).toBe(
      `${lines.join('\n')}\n{"id":"${idOf(2)}","thread_name":"new","updated_at":"2026-11-21T08:00:00.250Z"}\n`,
    );
  });

  it('are those of other programs too', async () => {
    const { codexHome, store } = await openHome();
    await store.setName(idOf(1), 'mine');
    expect(await store.nameOf(idOf(1))).toBe('mine');
    await writeFile(join(codexHome, 'session_index.jsonl'), `{"id":"${idOf(1)}","thread_name":"theirs"}\n`);
    expect(await store.nameOf(idOf(1))).toBe('theirs');
  });

  it('are none, with a word in the log, where the index cannot be read', async () => {
    const { codexHome, logged, store } = await openHome();
    await mkdir(join(codexHome, 'session_index.jsonl'));
    expect(await store.nameOf(idOf(1))).toBeNull();
    expect(logged).toEqual([{ text: 'the names of threads cannot be read', code: 'EISDIR' }]);
    await expect(store.setName(idOf(1), 'x')).rejects.toMatchObject({ code: 'EISDIR' });
  });
});
