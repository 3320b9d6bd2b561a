import { readdir, readFile } from 'node:fs/promises';
import { COMMAND_VARIABLE } from './command-environment.ts';

/** Rounds in which processes that keep starting others are looked for. */
const MAX_ROUNDS = 20;

/**
 * Kills the processes whose marking variable begins with `marker`, and what they start meanwhile. They are found on
 * Linux only, and not if they cleared their environment or belong to another user.
 */
export async function killMarkedProcesses(marker: string): Promise<void> {
  if (process.platform !== 'linux') return;
  for (let round = 0; round < MAX_ROUNDS; round += 1) {
    const pids = await markedProcesses(marker);
    const killed = pids.filter(kill);
    if (killed.length === 0) return;
  }
}

async function markedProcesses(marker: string): Promise<number[]> {
  const needle = Buffer.from(`${COMMAND_VARIABLE}=${marker}`);
  const names = await readdir('/proc').catch(() => []);
  const pids: number[] = [];
  for (const name of names) {
    const pid = Number(name);
    if (!Number.isInteger(pid) || pid === process.pid) continue;
    // Not readable means gone, or not ours.
    const environment = await readFile(`/proc/${name}/environ`).catch(() => null);
    if (environment?.includes(needle) === true) pids.push(pid);
  }
  return pids;
}

function kill(pid: number): boolean {
  try {
    return process.kill(pid, 'SIGKILL');
  } catch {
    // It ended by itself in the meantime.
    return false;
  }
}
