import { randomUUID } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdir, open, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { SessionMeta } from './line.ts';
import { encodeLine } from './line.ts';

const LINE_FEED = 0x0a;

/**
 * Begins a thread's file with the lines of another one, behind a first line of its own. The file appears whole or not at
 * all. `at` is Unix milliseconds; `length` is how much of the source is copied, in bytes, because more may be written to it
 * meanwhile. Throws the error of the file system.
 */
export async function copyRollout(
  source: string,
  target: string,
  meta: SessionMeta,
  at: number,
  length = Infinity,
): Promise<void> {
  const draft = `${target}.${randomUUID()}.tmp`;
  await mkdir(dirname(target), { recursive: true, mode: 0o700 });
  try {
    const file = await open(draft, 'wx', 0o600);
    try {
      await file.writeFile(encodeLine({ type: 'session_meta', payload: meta }, at));
      let last = LINE_FEED;
      for await (const chunk of createReadStream(source, { end: length - 1 }) as AsyncIterable<Buffer>) {
        await file.writeFile(chunk);
        last = chunk.at(-1) ?? last;
      }
      if (last !== LINE_FEED) await file.writeFile('\n');
    } finally {
      await file.close();
    }
    await rename(draft, target);
  } catch (error) {
    await rm(draft, { force: true });
    throw error;
  }
}
