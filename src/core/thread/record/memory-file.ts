import { randomUUID } from 'node:crypto';
import { mkdir, rename, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';

/** What the memory endpoint made of a thread. */
export interface StoredMemory {
  readonly threadId: string;
  readonly summary: string;
  /** What happened, as against what is worth remembering of it. */
  readonly traceSummary: string;
  /** Unix seconds. */
  readonly createdAt: number;
}

/** The file beside a thread's rollout that holds its memory. */
export function memoryPath(rolloutPath: string): string {
  return rolloutPath.replace(/\.jsonl$/, '.memory.json');
}

/** Stores a memory in place of an earlier one, in one step. */
export async function storeMemory(rolloutPath: string, memory: StoredMemory): Promise<void> {
  const path = memoryPath(rolloutPath);
  const draft = `${path}.${randomUUID()}.tmp`;
  await mkdir(dirname(path), { recursive: true });
  await writeFile(draft, `${JSON.stringify(memory, null, 2)}\n`, { mode: 0o600 });
  await rename(draft, path);
}
