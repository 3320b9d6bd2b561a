import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rename, rm, stat, unlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { RolloutEntry } from '../../../src/core/rollout/line.ts';
import { RolloutWriter } from '../../../src/core/rollout/writer.ts';
import type { RolloutWriterOptions } from '../../../src/core/rollout/writer.ts';
import { FaultyDisk } from './support/faulty-disk.ts';
import type { WriteFault } from './support/faulty-disk.ts';

const PATH = '/home/sessions/rollout.jsonl';
const START = Date.UTC(2026, 10, 20, 23, 15, 22, 141);

describe('a rollout writer', () => {
  it('writes what is appended in one breath with one write, whole and in order', async () => {
    const disk = new FaultyDisk();
    const { writer } = writerOn(disk);
    expect(writer.isOpen).toBe(false);
    writer.append(message('one'), message('two'));
    writer.append(message('three'));
    expect(await writer.flush()).toBe(true);
    expect(disk.writes).toEqual([line('one') + line('two') + line('three')]);
    expect(writer.isOpen).toBe(true);
    writer.append(message('four'));
    await writer.close();
    expect(disk.text).toBe(line('one') + line('two') + line('three') + line('four'));
    expect([writer.isOpen, disk.opened, disk.closed]).toEqual([false, 1, 1]);
  });

  it('opens nothing before the first line', async () => {
    const disk = new FaultyDisk();
    const { writer } = writerOn(disk);
    expect(await writer.flush()).toBe(true);
    await writer.close();
    await writer.close();
    expect([disk.opened, disk.closed]).toEqual([0, 0]);
  });

  it('takes no line after it was closed', async () => {
    const disk = new FaultyDisk();
    const { logged, writer } = writerOn(disk);
    await writer.close();
    writer.append(message('late'));
    expect(await writer.flush()).toBe(true);
    expect([disk.text, logged]).toEqual(['', ['warn: a rollout line came too late']]);
  });

  it('ends a torn line before it writes its own', async () => {
    const disk = new FaultyDisk();
    disk.content = Buffer.from(`${line('old')}{"timestamp":"2026`);
    const { writer } = writerOn(disk);
    writer.append(message('new'));
    await writer.flush();
    expect(disk.text).toBe(`${line('old')}{"timestamp":"2026\n${line('new')}`);
  });

  it('writes a line again, whole, that was cut short', async () => {
    const disk = new FaultyDisk();
    disk.faults = [{ bytes: line('one').length + 20 }];
    const { troubles, writer } = writerOn(disk);
    writer.append(message('one'), message('two'), message('three'));
    expect(await writer.flush()).toBe(true);
    const torn = line('two').slice(0, 20);
    expect(disk.text).toBe(`${line('one')}${torn}\n${line('two')}${line('three')}`);
    expect(troubles).toEqual([]);
  });

  it('only ends a line that was cut short before its line feed', async () => {
    const disk = new FaultyDisk();
    disk.faults = [{ bytes: line('one').length - 1 }];
    const { writer } = writerOn(disk);
    writer.append(message('one'), message('two'));
    expect(await writer.flush()).toBe(true);
    expect(disk.text).toBe(line('one') + line('two'));
  });

  it('keeps what cannot be written, says so once, and writes it with the next line', async () => {
    const disk = new FaultyDisk();
    disk.faults = [{ bytes: 7, code: 'ENOSPC' }];
    const { logged, troubles, writer } = writerOn(disk);
    writer.append(message('one'));
    await settled();
    disk.broken = 'ENOSPC';
    expect(await writer.flush()).toBe(false);
    writer.append(message('two'));
    expect(await writer.flush()).toBe(false);
    expect(troubles).toEqual([`${PATH} cannot be written: ENOSPC`]);
    disk.broken = null;
    writer.append(message('three'));
    expect(await writer.flush()).toBe(true);
    expect(disk.text).toBe(`{"times\n${line('one')}${line('two')}${line('three')}`);
    expect(logged).toEqual([
      'error: the rollout file cannot be written',
      'info: the rollout file can be written again',
    ]);

    disk.broken = 'EIO';
    writer.append(message('four'));
    expect(await writer.flush()).toBe(false);
    expect(troubles).toEqual([`${PATH} cannot be written: ENOSPC`, `${PATH} cannot be written: EIO`]);
  });

  it('opens the file anew when its descriptor is none any more', async () => {
    const disk = new FaultyDisk();
    const { writer } = writerOn(disk);
    writer.append(message('one'));
    await writer.flush();
    disk.broken = 'EBADF';
    writer.append(message('two'));
    expect(await writer.flush()).toBe(false);
    disk.broken = null;
    expect(await writer.flush()).toBe(true);
    expect([disk.text, disk.opened]).toEqual([line('one') + line('two'), 2]);
  });

  it('refuses lines that find the queue full, and says how many', async () => {
    const disk = new FaultyDisk();
    disk.broken = 'ENOSPC';
    const { logged, troubles, writer } = writerOn(disk, { maxQueueBytes: 2 * line('one').length });
    for (const text of ['one', 'two', 'six', 'ten']) writer.append(message(text));
    expect(await writer.flush()).toBe(false);
    disk.broken = null;
    expect(await writer.flush()).toBe(true);
    writer.append(message('last'));
    await writer.close();
    expect(disk.text).toBe(line('one') + line('two') + line('last'));
    expect(troubles).toEqual([
      `Too much waits to be written to ${PATH}: what happens from now on is missing from it`,
      `${PATH} cannot be written: ENOSPC`,
    ]);
    expect(logged).toEqual([
      'error: the rollout file cannot be written',
      'info: the rollout file can be written again',
      'error: rollout lines were lost while the queue was full',
    ]);
  });

  it('begins a new file with the preamble when the old one was deleted', async () => {
    const disk = new FaultyDisk();
    const { troubles, writer } = writerOn(disk, { preamble: () => [meta] });
    writer.append(meta, message('one'));
    await writer.flush();
    disk.nlink = 0;
    writer.append(message('two'));
    expect(await writer.flush()).toBe(true);
    writer.append(message('three'));
    expect(await writer.flush()).toBe(true);
    expect(disk.text).toBe(encoded(meta) + line('two') + line('three'));
    expect(troubles).toEqual([
      `${PATH} was deleted while its thread was in use; a new file holds what comes from now on`,
    ]);
  });

  it('begins a file with the preamble that is missing where a thread goes on', async () => {
    const disk = new FaultyDisk();
    const { writer } = writerOn(disk, { preamble: () => [meta] });
    disk.faults = [{ bytes: 5, code: 'EIO' }];
    writer.append(message('one'));
    await settled();
    expect(await writer.flush()).toBe(true);
    expect(disk.text).toBe(`{"tim\n${encoded(meta)}${line('one')}`);
  });

  it('does not make a deleted file anew without a preamble', async () => {
    const disk = new FaultyDisk();
    const { logged, troubles, writer } = writerOn(disk);
    writer.append(message('one'));
    await writer.flush();
    disk.nlink = 0;
    writer.append(message('two'));
    expect(await writer.flush()).toBe(false);
    writer.append(message('three'));
    expect(await writer.flush()).toBe(false);
    await writer.close();
    expect([disk.opened, disk.closed]).toEqual([1, 1]);
    expect(troubles).toEqual([`${PATH} cannot be written: it was deleted`]);
    expect(logged).toEqual([
      'error: the rollout file cannot be written',
      'warn: a rollout line came too late',
    ]);
  });

  it('skips an entry that cannot be encoded', async () => {
    const disk = new FaultyDisk();
    const { logged, writer } = writerOn(disk);
    const endless: Record<string, unknown> = {};
    endless['self'] = endless;
    writer.append(message('one'), { type: 'response_item', payload: endless }, message('two'));
    await writer.close();
    expect(disk.text).toBe(line('one') + line('two'));
    expect(logged).toEqual(['error: a rollout line cannot be encoded']);
  });
});

describe('whatever the disk does', () => {
  const fault: fc.Arbitrary<WriteFault | null> = fc.oneof(
    fc.constant(null),
    fc.record({ bytes: fc.integer({ min: 0, max: 400 }) }),
    fc.record({ bytes: fc.integer({ min: 0, max: 400 }), code: fc.constantFrom('ENOSPC', 'EIO') }),
  );
  const action = fc.oneof(
    fc.record({ append: fc.array(fc.string({ maxLength: 20 }), { minLength: 1, maxLength: 4 }) }),
    fc.record({ flush: fc.constant(true) }),
    fc.record({ wait: fc.integer({ min: 1, max: 12 }) }),
  );

  it('each line is in the file once, whole and in order, when writing works again', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(action), fc.array(fault), async (actions, faults) => {
        const disk = new FaultyDisk();
        disk.faults = faults;
        const { writer } = writerOn(disk);
        const appended = await play(writer, actions);
        disk.faults = [];
        expect(await writer.flush()).toBe(true);
        await writer.close();
        expect(wholeLines(disk.text)).toEqual(appended);
      }),
    );
  });

  it('a crash leaves the lines of the beginning, whole and in order', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(action),
        fc.array(fault),
        fc.integer({ min: 0, max: 60 }),
        async (actions, faults, operations) => {
          const disk = new FaultyDisk();
          disk.faults = faults;
          let left = operations;
          // The process is gone: nothing it began goes on.
          disk.pause = () => (left-- > 0 ? Promise.resolve() : new Promise(() => {}));
          const { writer } = writerOn(disk);
          const appended = await play(
            writer,
            actions.filter((entry) => !('flush' in entry)),
          );
          const found = wholeLines(disk.text);
          expect(found).toEqual(appended.slice(0, found.length));
        },
      ),
    );
  });

  it('two writers leave every line of each other whole', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.scheduler(),
        fc.array(action, { maxLength: 12 }),
        fc.array(action, { maxLength: 12 }),
        fc.array(fault),
        async (scheduler, mine, theirs, faults) => {
          const disk = new FaultyDisk();
          disk.faults = faults;
          disk.pause = () => scheduler.schedule(Promise.resolve());
          const one = writerOn(disk).writer;
          const two = writerOn(disk).writer;
          const appended = await scheduler.waitFor(
            Promise.all([play(one, mine, 'mine'), play(two, theirs, 'theirs')]),
          );
          disk.faults = [];
          await scheduler.waitFor(Promise.all([one.flush(), two.flush()]));
          await scheduler.waitFor(Promise.all([one.flush(), two.flush()]));
          expect(wholeLines(disk.text).sort()).toEqual(appended.flat().sort());
        },
      ),
    );
  });
});

describe('a rollout writer on a real disk', () => {
  it('makes the file and its folders for their owner alone, and goes on in a file that is there', async () => {
    const path = join(await scratch(), 'sessions', '2026', '11', 'rollout.jsonl');
    const first = writerAt(path);
    first.append(message('one'));
    await first.close();
    const second = writerAt(path);
    second.append(message('two'));
    await second.close();
    expect(await readFile(path, 'utf8')).toBe(line('one') + line('two'));
    expect((await stat(path)).mode & 0o777).toBe(0o600);
    expect((await stat(join(path, '..'))).mode & 0o777).toBe(0o700);
  });

  it('follows its file when that is moved', async () => {
    const folder = await scratch();
    const writer = writerAt(join(folder, 'old.jsonl'));
    writer.append(message('one'));
    await writer.flush();
    await rename(join(folder, 'old.jsonl'), join(folder, 'new.jsonl'));
    writer.append(message('two'));
    await writer.close();
    expect(await readFile(join(folder, 'new.jsonl'), 'utf8')).toBe(line('one') + line('two'));
    await expect(stat(join(folder, 'old.jsonl'))).rejects.toMatchObject({ code: 'ENOENT' });
  });

  it('makes a deleted file anew, and goes on in one that took its place', async () => {
    const path = join(await scratch(), 'rollout.jsonl');
    const writer = writerAt(path, { preamble: () => [meta] });
    writer.append(meta, message('one'));
    await writer.flush();
    await unlink(path);
    writer.append(message('two'));
    await writer.flush();
    expect(await readFile(path, 'utf8')).toBe(encoded(meta) + line('two'));
    await unlink(path);
    await writeFile(path, line('other'));
    writer.append(message('three'));
    await writer.close();
    expect(await readFile(path, 'utf8')).toBe(line('other') + line('three'));
  });

  it('says that a folder cannot be made', async () => {
    const folder = await scratch();
    await writeFile(join(folder, 'sessions'), '');
    const troubles: string[] = [];
    const path = join(folder, 'sessions', 'rollout.jsonl');
    const writer = writerAt(path, { onTrouble: (trouble) => troubles.push(trouble) });
    writer.append(message('one'));
    expect(await writer.flush()).toBe(false);
    expect(troubles).toEqual([`${path} cannot be written: EEXIST`]);
    await unlink(join(folder, 'sessions'));
    await writer.close();
    expect(await readFile(path, 'utf8')).toBe(line('one'));
  });

  it('shares a file with another process, line by line', async () => {
    const path = join(await scratch(), 'rollout.jsonl');
    await Promise.all(['left', 'right'].map((name) => appendElsewhere(path, name)));
    const found = wholeLines(await readFile(path, 'utf8'));
    for (const name of ['left', 'right']) {
      const expected = Array.from({ length: 2_000 }, (_, index) => `${name} ${index}`);
      expect(found.filter((text) => text.startsWith(name))).toEqual(expected);
    }
    expect(found).toHaveLength(4_000);
  });
});

const meta: RolloutEntry = {
  type: 'session_meta',
  payload: {
    id: '01a1fb3d-6f72-79e3-93d9-00bf3dcfbd64',
    timestamp: '2026-11-20T23:15:21.488Z',
    cwd: '/repo',
    originator: 'test',
    cli_version: '0.130.0',
  },
};

function message(text: string): RolloutEntry {
  return { type: 'event_msg', payload: { type: 'agent_message', message: text } };
}

function encoded({ payload, type }: RolloutEntry): string {
  return `${JSON.stringify({ timestamp: '2026-11-20T23:15:22.141Z', type, payload })}\n`;
}

function line(text: string): string {
  return encoded(message(text));
}

function writerOn(disk: FaultyDisk, options: Partial<RolloutWriterOptions> = {}) {
  const logged: string[] = [];
  const troubles: string[] = [];
  const log = (level: string) => (_fields: object, text: string) => logged.push(`${level}: ${text}`);
  const logger = { debug: log('debug'), info: log('info'), warn: log('warn'), error: log('error') };
  const onTrouble = (trouble: string): unknown => troubles.push(trouble);
  const writer = new RolloutWriter({
    path: PATH,
    now: () => START,
    logger,
    onTrouble,
    openFile: disk.open,
    ...options,
  });
  return { logged, troubles, writer };
}

function writerAt(path: string, options: Partial<RolloutWriterOptions> = {}): RolloutWriter {
  const ignore = (): void => {};
  const logger = { debug: ignore, info: ignore, warn: ignore, error: ignore };
  return new RolloutWriter({ path, now: () => START, logger, onTrouble: ignore, ...options });
}

type Action = { append: string[] } | { flush: boolean } | { wait: number };

/** Does one thing after the other, and gives the texts of the lines that were appended. */
async function play(writer: RolloutWriter, actions: readonly Action[], name = ''): Promise<string[]> {
  const appended: string[] = [];
  for (const entry of actions) {
    if ('append' in entry) {
      for (const text of entry.append) {
        appended.push(`${name} ${appended.length} ${text}`);
        writer.append(message(appended.at(-1) ?? ''));
      }
    } else if ('flush' in entry) await writer.flush();
    else for (let turn = 0; turn < entry.wait; turn += 1) await Promise.resolve();
  }
  return appended;
}

/** The texts of the lines that can be read; a line that was begun and not ended is none, unless it is whole. */
function wholeLines(content: string): string[] {
  return content.split('\n').flatMap((text) => {
    try {
      const parsed = JSON.parse(text) as { payload: { message: string } };
      return [parsed.payload.message];
    } catch {
      return [];
    }
  });
}

/** Lets everything that only waits for other promises come to its end. */
function settled(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

async function scratch(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'parley-writer-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

async function appendElsewhere(path: string, name: string): Promise<void> {
  const program = join(import.meta.dirname, 'support', 'append-lines.ts');
  const child = spawn(process.execPath, ['--import', 'tsx', program, path, name], { stdio: 'inherit' });
  const [code] = (await once(child, 'exit')) as [number | null];
  expect(code).toBe(0);
}
