import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it, onTestFinished } from 'vitest';
import { latestMeta, readLatestMeta } from '../../../src/core/rollout/latest-meta.ts';
import { encodeLine } from '../../../src/core/rollout/line.ts';
import type { RolloutEntry } from '../../../src/core/rollout/line.ts';
import { answered, asked, META, metaEntry } from './entries.ts';

async function fileOf(...lines: readonly (RolloutEntry | string)[]): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'parley-meta-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const path = join(folder, 'rollout.jsonl');
  await writeFile(
    path,
    lines.map((line) => (typeof line === 'string' ? line : encodeLine(line, 0))).join(''),
  );
  return path;
}

function branch(name: string): RolloutEntry {
  return metaEntry({ git: { branch: name } });
}

describe('the latest session_meta of a file', () => {
  it('is the last one of the thread, wherever the pieces end in which the file is read', async () => {
    const path = await fileOf(
      branch('first'),
      asked('hi'),
      branch('second'),
      answered('{"type":"session_meta","payload":{}}'),
      metaEntry({ id: 'the source of a fork', git: { branch: 'other' } }),
      asked('bye'),
    );
    for (const chunkBytes of [1, 2, 7, 24, 64, 100, 1000]) {
      const latest = await readLatestMeta(path, META.id, { chunkBytes });
      expect(latest?.git, String(chunkBytes)).toEqual({ branch: 'second' });
    }
  });

  it('is none where the part of the file that is searched has none', async () => {
    const path = await fileOf(branch('first'), asked('x'.repeat(1000)));
    expect(await readLatestMeta(path, META.id, { maxBytes: 900 })).toBeNull();
    expect((await readLatestMeta(path, META.id))?.git).toEqual({ branch: 'first' });
    expect(await readLatestMeta(path, 'another')).toBeNull();
    expect(await readLatestMeta(await fileOf(), META.id)).toBeNull();
  });

  it('is none that is torn, damaged or part of something else', async () => {
    const whole = encodeLine(branch('torn'), 0);
    const nested = JSON.stringify({
      type: 'thread_item',
      timestamp: '',
      nested: JSON.parse(whole) as unknown,
    });
    const path = await fileOf(
      branch('first'),
      `${nested}\n`,
      `${whole.slice(0, -10)}\n`,
      encodeLine({ type: 'session_meta', payload: { id: META.id } } as RolloutEntry, 0),
      whole.slice(0, -3),
    );
    expect((await readLatestMeta(path, META.id))?.git).toEqual({ branch: 'first' });
    const unended = await fileOf(branch('first'), whole.slice(0, -1));
    expect((await readLatestMeta(unended, META.id))?.git).toEqual({ branch: 'torn' });
  });

  it('is found behind anything and in lines of any length', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.string(), { maxLength: 5 }),
        fc.nat(60_000),
        fc.integer({ min: 500, max: 50_000 }),
        async (words, length, chunkBytes) => {
          const instructions = { base_instructions: { text: 'i'.repeat(length) } };
          const path = await fileOf(
            metaEntry(instructions),
            ...words.map(asked),
            metaEntry({ ...instructions, git: { branch: 'b' } }),
            ...words.map(answered),
          );
          const latest = await readLatestMeta(path, META.id, { chunkBytes });
          expect(latest).toEqual({ ...META, ...instructions, git: { branch: 'b' } });
        },
      ),
      { numRuns: 20 },
    );
  });
});

describe('a later line about the thread', () => {
  it('changes the repository and the memory mode, and nothing else', () => {
    const meta = { ...META, git: { branch: 'a' }, memory_mode: 'disabled' };
    const later = { ...META, cwd: '/elsewhere' };
    expect(latestMeta(meta, later)).toEqual({ ...meta, git: null });
    expect(latestMeta(meta, { ...later, git: { branch: 'b' }, memory_mode: 'enabled' })).toEqual({
      ...META,
      git: { branch: 'b' },
      memory_mode: 'enabled',
    });
    expect(latestMeta(meta, { ...later, id: 'another' })).toEqual(meta);
  });
});
