import type { NotStarted, ProcessOptions } from './child-process.ts';
import type { ProcessGroups } from './process-groups.ts';
import { startInTerminal, startWithPipes } from './session-process.ts';
import type { SessionProcess } from './session-process.ts';
import { ExecSession } from './session.ts';
import { loadTerminalModule } from './terminal.ts';
import type { LoadTerminalModule, TerminalModule } from './terminal.ts';

export interface SessionStart extends Omit<ProcessOptions, 'groups'> {
  /** A number that was reserved before; a new one if not given. */
  readonly id?: number | undefined;
  /** What the session's user knows it by, besides its number. */
  readonly callId: string;
  /** Wishes for a terminal, or for a pipe as the input where none is to be had. Else the process finds its input at an end. */
  readonly tty: boolean;
  readonly keptBytes?: number | undefined;
  /** Told of every piece of output as it comes. It must not throw. */
  readonly onOutput?: ((text: string) => void) | undefined;
}

export type SessionOutcome =
  | { readonly kind: 'started'; readonly session: ExecSession }
  | NotStarted
  /** All places are taken by sessions that still run. */
  | { readonly kind: 'full'; readonly message: string };

export interface ExecSessionsOptions {
  readonly groups: ProcessGroups;
  /** Sessions that are kept, running or not; 64 if not given. */
  readonly limit?: number | undefined;
  readonly loadTerminal?: LoadTerminalModule | undefined;
}

const LIMIT = 64;

/** The sessions that commands can be found in by their numbers. */
export class ExecSessions {
  readonly #groups: ProcessGroups;
  readonly #limit: number;
  readonly #loadTerminal: LoadTerminalModule;
  readonly #sessions = new Map<number, ExecSession>();
  #terminalModule: Promise<TerminalModule | null> | null = null;
  #lastId = 0;

  constructor({ groups, limit = LIMIT, loadTerminal = loadTerminalModule }: ExecSessionsOptions) {
    this.#groups = groups;
    this.#limit = limit;
    this.#loadTerminal = loadTerminal;
  }

  get size(): number {
    return this.#sessions.size;
  }

  get(id: number): ExecSession | null {
    return this.#sessions.get(id) ?? null;
  }

  /** Forgets a session whose end its user has seen. */
  forget(id: number): void {
    this.#sessions.delete(id);
  }

  /** A number for a session that is to be started, so that it can be told before. */
  reserveId(): number {
    this.#lastId += 1;
    return this.#lastId;
  }

  /** Starts a command. When all places are taken, that of the session that ended first is used. */
  async start(options: SessionStart): Promise<SessionOutcome> {
    if (!this.#makeRoom()) {
      const message = `${this.#limit} commands are running already; one of them has to end first`;
      return { kind: 'full', message };
    }
    const session = new ExecSession({
      id: options.id ?? this.reserveId(),
      callId: options.callId,
      groups: this.#groups,
      keptBytes: options.keptBytes,
      onOutput: options.onOutput,
    });
    // Takes its place before anything is waited for, so that the limit holds.
    this.#sessions.set(session.id, session);
    const terminal = options.tty ? await this.#terminal() : null;
    const started = await this.#startProcess(terminal, options, session);
    if (started.kind === 'notStarted') {
      this.#sessions.delete(session.id);
      return started;
    }
    session.attach(started, terminal !== null);
    void session.ended?.then(() => this.#moveToEnd(session));
    return { kind: 'started', session };
  }

  /** Ends all sessions and forgets them. Never rejects. */
  async endAll(): Promise<void> {
    const sessions = [...this.#sessions.values()];
    this.#sessions.clear();
    await Promise.all(sessions.map((session) => session.end()));
  }

  #startProcess(
    terminal: TerminalModule | null,
    options: SessionStart,
    session: ExecSession,
  ): Promise<SessionProcess | NotStarted> {
    const { argv, cwd, env } = options;
    const processOptions = { argv, cwd, env, groups: this.#groups };
    const onText = (text: string): void => session.push(text);
    return terminal === null
      ? startWithPipes(processOptions, options.tty ? 'pipe' : 'none', onText)
      : startInTerminal(terminal, processOptions, onText);
  }

  #terminal(): Promise<TerminalModule | null> {
    this.#terminalModule ??= this.#loadTerminal();
    return this.#terminalModule;
  }

  /** Those that have ended stand in the order of their ends, so that the first of them is the oldest. */
  #moveToEnd(session: ExecSession): void {
    if (!this.#sessions.delete(session.id)) return;
    this.#sessions.set(session.id, session);
  }

  #makeRoom(): boolean {
    if (this.#sessions.size < this.#limit) return true;
    const oldest = [...this.#sessions.values()].find((session) => session.exit !== null);
    if (oldest === undefined) return false;
    return this.#sessions.delete(oldest.id);
  }
}
