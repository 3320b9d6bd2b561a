import { join } from 'node:path';

/** Where a thread's rollout file belongs. Folders and name are in local time of the creation second. */
export function rolloutPath(codexHome: string, threadId: string, createdAt: Date): string {
  const two = (value: number): string => String(value).padStart(2, '0');
  const year = String(createdAt.getFullYear());
  const month = two(createdAt.getMonth() + 1);
  const day = two(createdAt.getDate());
  const time = [createdAt.getHours(), createdAt.getMinutes(), createdAt.getSeconds()].map(two).join('-');
  const name = `rollout-${year}-${month}-${day}T${time}-${threadId}.jsonl`;
  return join(codexHome, 'sessions', year, month, day, name);
}
