import { ExecSessions } from '../../exec/index.ts';
import type { CommandEnvironment, ProcessGroups, Sandbox } from '../../exec/index.ts';
import type { Ask } from '../questions.ts';
import { Approvals } from './approvals.ts';

export interface WorkbenchOptions {
  /** Of the whole daemon, like the groups: it remembers what the machine can do. */
  readonly sandbox: Sandbox;
  readonly groups: ProcessGroups;
  readonly ask: Ask;
  readonly codexHome: string;
  readonly variables: Readonly<Record<string, string | undefined>>;
  /** Called when it begins and ends that somebody is asked. */
  readonly onWaiting: (flag: 'waitingOnApproval' | 'waitingOnUserInput', isWaiting: boolean) => void;
  /** Tells the user something about the thread. */
  readonly warn: (message: string) => void;
}

/** Names of variables that may hold credentials, which commands do not get. */
const CREDENTIAL = /KEY|SECRET|TOKEN/i;

/** What the tools of one thread work with, from one turn to the next. */
export class Workbench {
  readonly #options: WorkbenchOptions;
  readonly approvals: Approvals;
  readonly sandbox: Sandbox;
  readonly sessions: ExecSessions;
  readonly groups: ProcessGroups;
  #hasWarned = false;

  constructor(options: WorkbenchOptions) {
    const { ask, groups, onWaiting, sandbox } = options;
    this.#options = options;
    this.groups = groups;
    this.approvals = new Approvals(ask, onWaiting);
    this.sandbox = sandbox;
    this.sessions = new ExecSessions({ groups });
  }

  get codexHome(): string {
    return this.#options.codexHome;
  }

  /** The variables of a command: those of the daemon, without what may be a credential. */
  get commandVariables(): CommandEnvironment {
    const entries = Object.entries(this.#options.variables).filter(
      (entry): entry is [string, string] => entry[1] !== undefined && !CREDENTIAL.test(entry[0]),
    );
    return Object.fromEntries(entries);
  }

  /** Tells the user once that there is no sandbox, and why. */
  noteNoSandbox(reason: string): void {
    if (this.#hasWarned) return;
    this.#hasWarned = true;
    this.#options.warn(`Commands cannot be sandboxed here, so each is asked about or refused: ${reason}`);
  }

  /** Ends what still runs. Never rejects. */
  close(): Promise<void> {
    return this.sessions.endAll();
  }
}
