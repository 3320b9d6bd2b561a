import { processTable } from './process-table.ts';

/**
 * Whether a process group has a process that runs. On Linux those do not count that have ended and that nobody has
 * taken note of, as is the case for long in a container whose first process does not care. Never rejects.
 */
export async function isLiveGroup(id: number): Promise<boolean> {
  if (!signalGroup(id, 0)) return false;
  const table = await processTable();
  return table === null || table.some(({ group, isLive }) => group === id && isLive);
}

/** Signals a whole group, on Windows, which has none, the process; tells whether there was anything to signal. */
export function signalGroup(id: number, signal: NodeJS.Signals | 0): boolean {
  try {
    return process.kill(process.platform === 'win32' ? id : -id, signal);
  } catch {
    // Nothing is left in it, or nothing that this user may signal.
    return false;
  }
}
