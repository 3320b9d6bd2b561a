import { readdir, readFile } from 'node:fs/promises';

/**
 * Whether a process group has a process that runs. On Linux those do not count that have ended and that nobody has
 * taken note of, as is the case for long in a container whose first process does not care. Never rejects.
 */
export async function isLiveGroup(id: number): Promise<boolean> {
  if (!signalGroup(id, 0)) return false;
  if (process.platform !== 'linux') return true;
  const names = await readdir('/proc').catch(() => null);
  if (names === null) return true;
  const pids = names.filter((name) => /^\d+$/u.test(name));
  const live = await Promise.all(pids.map((pid) => isLiveMember(pid, id)));
  return live.includes(true);
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

async function isLiveMember(pid: string, group: number): Promise<boolean> {
  const line = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '');
  // The name before it is in parentheses, and can have any character in it.
  const [state, , groupOfProcess] = line.slice(line.lastIndexOf(')') + 2).split(' ');
  return Number(groupOfProcess) === group && state !== 'Z' && state !== 'X';
}
