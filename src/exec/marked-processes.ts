import { readFile } from 'node:fs/promises';
import { COMMAND_VARIABLE } from './command-environment.ts';
import { processTable, withDescendants } from './process-table.ts';
import type { ProcessEntry } from './process-table.ts';
import { SharedRun } from './shared-run.ts';

/** Rounds in which processes that keep starting others are looked for. */
const MAX_ROUNDS = 20;

/**
 * Milliseconds after which a process without the mark is taken to be somebody else's for good. Until then it may be one
 * that is about to become a command: it has the variables of its parent until its program begins.
 */
const SETTLED_MS = 2_000;

/** `since`: the moment of the first look at it. */
interface Unmarked {
  readonly since: number;
  readonly isSettled: boolean;
}

/** Processes of the machine and what commands they belong to, at one moment. */
interface Marks {
  readonly table: readonly ProcessEntry[];
  /** The markers by the keys of the processes that have one. */
  readonly markers: ReadonlyMap<string, string>;
}

/**
 * Finds the processes of commands on Linux, by the variable that marks them and by who started them; on other systems
 * it finds none. Variables of a process are read until it is known to belong to nobody here.
 */
export class MarkedProcesses {
  readonly #prefix: string;
  readonly #look = new SharedRun(() => this.#marks());
  /** The processes without a mark, by their keys. */
  #unmarked = new Map<string, Unmarked>();

  /** `prefix` is what the markers that are looked for begin with. */
  constructor(prefix: string) {
    this.#prefix = prefix;
  }

  /**
   * The processes of a command: those of its group, those that carry a marker which begins so, and all that these have
   * started, also if it left the group and cleared its variables, as far as whoever started it is still there.
   */
  async of(marker: string, group: number | null): Promise<ProcessEntry[]> {
    if (process.platform !== 'linux') return [];
    const { markers, table } = await this.#look.run();
    return withDescendants(
      table,
      (entry) => entry.group === group || markers.get(entry.key)?.startsWith(marker) === true,
    ).filter(({ isLive, pid }) => isLive && pid !== process.pid);
  }

  /**
   * Kills those that were found before and still are there, those that carry a marker which begins so, and what they
   * start meanwhile.
   */
  async kill(marker: string, before: readonly ProcessEntry[] = []): Promise<void> {
    if (process.platform !== 'linux') return;
    const keys = new Set(before.map(({ key }) => key));
    for (let round = 0; round < MAX_ROUNDS; round += 1) {
      const { markers, table } = await this.#look.run();
      const found = withDescendants(
        table,
        ({ key }) => keys.has(key) || markers.get(key)?.startsWith(marker) === true,
      );
      const killed = found.filter(({ isLive, pid }) => isLive && pid !== process.pid && kill(pid));
      if (killed.length === 0) return;
    }
  }

  async #marks(): Promise<Marks> {
    const table = (await processTable()) ?? [];
    const now = performance.now();
    const markers = new Map<string, string>();
    const unmarked = new Map<string, Unmarked>();
    for (const { isLive, key, pid } of table) {
      const known = this.#unmarked.get(key);
      if (known?.isSettled === true) {
        unmarked.set(key, known);
        continue;
      }
      const marker = isLive ? await this.#markerOf(pid) : null;
      const since = known?.since ?? now;
      if (marker === null) unmarked.set(key, { since, isSettled: !isLive || now - since > SETTLED_MS });
      else markers.set(key, marker);
    }
    // What is gone is forgotten with the map from before.
    this.#unmarked = unmarked;
    return { table, markers };
  }

  async #markerOf(pid: number): Promise<string | null> {
    // Not readable means gone, or not ours.
    const environment = await readFile(`/proc/${pid}/environ`).catch(() => null);
    if (environment === null) return null;
    const name = `${COMMAND_VARIABLE}=`;
    const start = environment.indexOf(`${name}${this.#prefix}`);
    if (start === -1) return null;
    const end = environment.indexOf(0, start);
    return environment.subarray(start + name.length, end === -1 ? undefined : end).toString('latin1');
  }
}

function kill(pid: number): boolean {
  try {
    return process.kill(pid, 'SIGKILL');
  } catch {
    // It ended by itself in the meantime.
    return false;
  }
}
