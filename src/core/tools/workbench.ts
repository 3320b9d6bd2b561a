import { ExecSessions } from '../../exec/index.ts';
import type { CommandEnvironment, ProcessGroups, Sandbox } from '../../exec/index.ts';
import type { ImageReader } from '../images/index.ts';
import type { Ask } from '../questions.ts';
import { CommandRules } from '../rules/index.ts';
import { Approvals } from './approvals.ts';

export interface WorkbenchOptions {
  /** Of the whole daemon, like the groups: it remembers what the machine can do. */
  readonly sandbox: Sandbox;
  readonly groups: ProcessGroups;
  /** Of the whole daemon as well: it decodes one image at a time. */
  readonly images: ImageReader;
  readonly ask: Ask;
  readonly codexHome: string;
  /** Those of commands. */
  readonly commandVariables: CommandEnvironment;
  /** Called when it begins and ends that somebody is asked. */
  readonly onWaiting: (flag: 'waitingOnApproval' | 'waitingOnUserInput', isWaiting: boolean) => void;
  /** Tells the user something about the thread. */
  readonly warn: (message: string) => void;
}

/** What the tools of one thread work with, from one turn to the next. */
export class Workbench {
  readonly #options: WorkbenchOptions;
  readonly approvals: Approvals;
  readonly rules: CommandRules;
  readonly sandbox: Sandbox;
  readonly sessions: ExecSessions;
  readonly groups: ProcessGroups;
  readonly images: ImageReader;
  #hasWarned = false;

  constructor(options: WorkbenchOptions) {
    const { ask, codexHome, groups, images, onWaiting, sandbox, warn } = options;
    this.#options = options;
    this.groups = groups;
    this.images = images;
    this.rules = new CommandRules({ codexHome, warn });
    this.approvals = new Approvals(ask, onWaiting, (words) => this.rules.allow(words));
    this.sandbox = sandbox;
    this.sessions = new ExecSessions({ groups });
  }

  get codexHome(): string {
    return this.#options.codexHome;
  }

  get commandVariables(): CommandEnvironment {
    return this.#options.commandVariables;
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
