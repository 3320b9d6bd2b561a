import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { COMMAND_VARIABLE } from './command-environment.ts';
import type { CommandEnvironment } from './command-environment.ts';
import { isLiveGroup, signalGroup } from './live-group.ts';
import { MarkedProcesses } from './marked-processes.ts';
import { Watchdog } from './watchdog.ts';

/** Milliseconds between asking a group to end and killing it. */
const KILL_GRACE_MS = 500;

/** Milliseconds until the first look at whether a group that was told to end has ended; later ones take longer. */
const FIRST_LOOK_MS = 10;
const LONGEST_LOOK_MS = 200;

/** Milliseconds between two looks at groups whose command is over and that are left running in the background. */
const BACKGROUND_LOOK_MS = 1_000;

/** Milliseconds that the system has to end a group that was killed. */
const KILLED_MS = 2_000;

/** The processes of one command. */
export interface ProcessGroup {
  /** The process id of the command, which is the id of its group on POSIX. */
  readonly id: number;
  readonly marker: string;
}

export interface ProcessGroupsOptions {
  /** Tells the processes of this daemon from those of another one; it has to be unique. */
  readonly runId?: string | undefined;
  /**
   * A folder in which no command may write, for the names of pipes; it is made where it is missing. Without one the
   * output of commands goes through sockets, which they cannot open as `/dev/stdout`.
   */
  readonly privateFolder?: string | undefined;
}

/**
 * The process groups of all commands of this daemon, so that none outlives it. A group stays known for as long as a
 * process is left in it, also after its command has ended.
 */
export class ProcessGroups {
  readonly #runId: string;
  readonly #marked: MarkedProcesses;
  /** See `ProcessGroupsOptions`. */
  readonly privateFolder: string | null;
  readonly #groups = new Map<number, ProcessGroup>();
  /** Those whose command is over. */
  readonly #exited = new Map<number, ProcessGroup>();
  #watchdog: Watchdog | null = null;
  #count = 0;
  #backgroundLook: NodeJS.Timeout | null = null;
  #isEnding = false;

  constructor({ privateFolder, runId = randomUUID() }: ProcessGroupsOptions = {}) {
    this.#runId = runId;
    this.#marked = new MarkedProcesses(`${runId}.`);
    this.privateFolder = privateFolder ?? null;
  }

  /** Process ids of the groups that have, or may have, a process left. */
  get ids(): number[] {
    return [...this.#groups.keys()];
  }

  /** True once all commands are being ended: no new one may begin. */
  get isEnding(): boolean {
    return this.#isEnding;
  }

  /** The mark of a command that is about to be started. */
  nextMarker(): string {
    this.#count += 1;
    // Ends in a dot too, so that command 1 is not the beginning of command 10.
    return `${this.#runId}.${this.#count}.`;
  }

  /** The variables of a command, with the one by which its processes are found. */
  marked(env: CommandEnvironment, marker: string): Record<string, string> {
    return { ...env, [COMMAND_VARIABLE]: marker };
  }

  /** Takes note of a command that was started as the leader of its group. */
  add(id: number, marker: string): ProcessGroup {
    const group = { id, marker };
    this.#groups.set(id, group);
    if (process.platform !== 'win32') {
      this.#watchdog ??= new Watchdog(this.#runId);
      this.#watchdog.add(id);
    }
    return group;
  }

  /** The command has ended; what it left in the background goes on until `endAll`. */
  async leaderExited(group: ProcessGroup): Promise<void> {
    await this.#forgetIfGone(group);
    if (!this.#groups.has(group.id) || this.#isEnding) return;
    this.#exited.set(group.id, group);
    this.#backgroundLook ??= setInterval(() => void this.#lookAtAll(), BACKGROUND_LOOK_MS).unref();
  }

  /** Ends a group: SIGTERM, and SIGKILL after a moment, also for those that left the group. Never rejects. */
  async end(group: ProcessGroup): Promise<void> {
    if (this.#groups.get(group.id) !== group) return this.#marked.kill(group.marker);
    // Before anything ends: who left the group and cleared its variables is known only by who started it.
    const family = await this.#marked.of(group.marker, group.id);
    signalGroup(group.id, 'SIGTERM');
    if (!(await goneWithin(group.id, KILL_GRACE_MS))) {
      family.push(...(await this.#marked.of(group.marker, group.id)));
      signalGroup(group.id, 'SIGKILL');
    }
    await this.#marked.kill(group.marker, family);
    await goneWithin(group.id, KILLED_MS);
    await this.#forgetIfGone(group);
  }

  /** Ends all groups, and lets no other begin. Also finds those that left their group. Never rejects. */
  async endAll(): Promise<void> {
    this.#isEnding = true;
    await Promise.all([...this.#groups.values()].map((group) => this.end(group)));
    await this.#marked.kill(`${this.#runId}.`);
    if (this.#groups.size === 0) this.#watchdog?.dismiss();
    this.#close();
  }

  /** Kills all groups at once, for the moment in which the daemon cannot wait any more. */
  killAll(): void {
    this.#isEnding = true;
    for (const id of this.#groups.keys()) signalGroup(id, 'SIGKILL');
    this.#close();
  }

  #close(): void {
    if (this.#backgroundLook !== null) clearInterval(this.#backgroundLook);
    this.#backgroundLook = null;
    this.#watchdog?.close();
    this.#watchdog = null;
  }

  async #lookAtAll(): Promise<void> {
    for (const group of this.#exited.values()) await this.#forgetIfGone(group);
    if (this.#exited.size > 0 || this.#backgroundLook === null) return;
    clearInterval(this.#backgroundLook);
    this.#backgroundLook = null;
  }

  async #forgetIfGone(group: ProcessGroup): Promise<void> {
    if (this.#groups.get(group.id) !== group || (await isLiveGroup(group.id))) return;
    if (this.#groups.get(group.id) !== group) return;
    this.#groups.delete(group.id);
    this.#exited.delete(group.id);
    this.#watchdog?.gone(group.id);
  }
}

/** Waits until a group is gone, at most so long; tells whether it is. */
async function goneWithin(id: number, milliseconds: number): Promise<boolean> {
  const until = performance.now() + milliseconds;
  for (let look = FIRST_LOOK_MS; ; look = Math.min(2 * look, LONGEST_LOOK_MS)) {
    if (!(await isLiveGroup(id))) return true;
    const left = until - performance.now();
    if (left <= 0) return false;
    await delay(Math.min(look, left));
  }
}
