import { access, constants } from 'node:fs/promises';
import { isAbsolute } from 'node:path';
import { runCommand } from '../command.ts';
import type { CommandEnvironment } from '../command-environment.ts';
import type { ProcessGroups } from '../process-groups.ts';
import { BUBBLEWRAP_MODES, bubblewrapped, findBubblewrap } from './bubblewrap.ts';
import type { BubblewrapMode } from './bubblewrap.ts';
import type {
  RestrictedPolicy,
  SandboxedCommand,
  SandboxEnvironment,
  SandboxPolicy,
  SandboxUnavailable,
} from './policy.ts';
import { RelativeSockets } from './relative-sockets.ts';
import { SEATBELT_PROGRAM, seatbelted } from './seatbelt.ts';
import { listeningSockets } from './sockets.ts';
import { isWritable, RootResolver } from './writable-roots.ts';
import type { WritableRoot } from './writable-roots.ts';

export interface SandboxOptions {
  readonly groups: ProcessGroups;
  /** The `PATH` of the daemon. */
  readonly path: string;
  readonly platform?: NodeJS.Platform | undefined;
}

/** Milliseconds that a trial of the sandbox may take. */
const TRIAL_MS = 5_000;

const LONGEST_REASON = 300;

interface Bubblewrap {
  readonly program: string;
  readonly mode: BubblewrapMode;
}

/** Holds commands to what a policy lets them do, with what the system has for it. */
export class Sandbox {
  readonly #groups: ProcessGroups;
  readonly #path: string;
  readonly #platform: NodeJS.Platform;
  readonly #roots = new RootResolver();
  readonly #relativeSockets = new RelativeSockets();
  /** What was found out, with network access and without; a system can allow one and not the other. */
  readonly #found = new Map<boolean, Promise<Bubblewrap | SandboxUnavailable>>();

  constructor({ groups, path, platform = process.platform }: SandboxOptions) {
    this.#groups = groups;
    this.#path = path;
    this.#platform = platform;
  }

  /**
   * The command as it has to be started under a policy. Where no sandbox is to be had that can do what the policy asks
   * for, it says so, and the command must not run. Whether there is one is tried out with the first command.
   */
  async sandboxed(
    argv: readonly string[],
    policy: SandboxPolicy,
    environment: SandboxEnvironment,
  ): Promise<SandboxedCommand | SandboxUnavailable> {
    const { cwd, env } = environment;
    if (policy.type === 'dangerFullAccess' || policy.type === 'externalSandbox') {
      return { kind: 'none', argv, env };
    }
    if (!isAbsolute(cwd)) return { unavailable: `the working directory ${cwd} is not an absolute path` };
    const roots = await this.#roots.resolve(policy, environment);
    if (typeof roots === 'string') return { unavailable: roots };
    switch (this.#platform) {
      case 'linux':
        return this.#withBubblewrap(argv, policy, environment, roots);
      case 'darwin':
        return withSeatbelt(argv, policy, environment, roots);
      default:
        return { unavailable: `there is no sandbox for ${this.#platform}` };
    }
  }

  /**
   * Whether a command under a policy could write to all of these paths, which have to be real ones: absolute, without
   * links. Also tells so where there is no sandbox. What is protected counts though it is not there yet, and `.git`,
   * `.agents` and `.codex` do wherever they lie.
   */
  async mayWrite(
    paths: readonly string[],
    policy: SandboxPolicy,
    environment: Omit<SandboxEnvironment, 'cwd'>,
  ): Promise<boolean> {
    if (policy.type === 'dangerFullAccess' || policy.type === 'externalSandbox') return true;
    const roots = await this.#roots.resolve(policy, environment);
    return typeof roots !== 'string' && paths.every((path) => isWritable(path, roots));
  }

  async #withBubblewrap(
    argv: readonly string[],
    { networkAccess }: RestrictedPolicy,
    { cwd, env }: SandboxEnvironment,
    roots: readonly WritableRoot[],
  ): Promise<SandboxedCommand | SandboxUnavailable> {
    const found = await this.#bubblewrap(networkAccess, [cwd, ...roots.map(({ path }) => path)]);
    if ('unavailable' in found) return found;
    const wrapped = await bubblewrapped(argv, {
      ...found,
      isRoot: process.getuid?.() === 0,
      cwd,
      networkAccess,
      roots,
      sockets: networkAccess ? [] : await listeningSockets(env, this.#relativeSockets),
    });
    return { kind: 'bubblewrap', argv: wrapped, env: withoutNetwork(env, networkAccess) };
  }

  #bubblewrap(
    networkAccess: boolean,
    mistrusted: readonly string[],
  ): Promise<Bubblewrap | SandboxUnavailable> {
    let found = this.#found.get(networkAccess);
    if (found === undefined) {
      found = this.#tryBubblewrap(networkAccess, mistrusted);
      this.#found.set(networkAccess, found);
    }
    return found;
  }

  async #tryBubblewrap(
    networkAccess: boolean,
    mistrusted: readonly string[],
  ): Promise<Bubblewrap | SandboxUnavailable> {
    const program = await findBubblewrap(this.#path, mistrusted);
    if (program === null) return { unavailable: 'bubblewrap (bwrap) is not installed' };
    let reason = '';
    for (const mode of BUBBLEWRAP_MODES) {
      const problem = await this.#tryMode(program, mode, networkAccess);
      if (problem === null) return { program, mode };
      reason ||= problem;
    }
    return { unavailable: `bubblewrap cannot make a sandbox here: ${reason}` };
  }

  /** Null if it works, else what bubblewrap said. */
  async #tryMode(program: string, mode: BubblewrapMode, networkAccess: boolean): Promise<string | null> {
    const isRoot = process.getuid?.() === 0;
    const options = { program, mode, isRoot, cwd: '/', networkAccess, roots: [], sockets: [] };
    const outcome = await runCommand({
      argv: await bubblewrapped(['/bin/sh', '-c', ':'], options),
      cwd: '/',
      env: { PATH: this.#path },
      groups: this.#groups,
      timeoutMs: TRIAL_MS,
    });
    if (outcome.kind === 'notStarted') return outcome.message;
    if (outcome.exitCode === 0) return null;
    if (outcome.timedOut) return `it did not end within ${TRIAL_MS} ms`;
    return outcome.stderr.trim().slice(0, LONGEST_REASON) || `exit code ${outcome.exitCode}`;
  }
}

async function withSeatbelt(
  argv: readonly string[],
  { networkAccess }: RestrictedPolicy,
  { env }: SandboxEnvironment,
  roots: readonly WritableRoot[],
): Promise<SandboxedCommand | SandboxUnavailable> {
  try {
    await access(SEATBELT_PROGRAM, constants.X_OK);
  } catch {
    return { unavailable: `${SEATBELT_PROGRAM} is missing` };
  }
  return {
    kind: 'seatbelt',
    argv: seatbelted(argv, { networkAccess, roots }),
    env: { ...withoutNetwork(env, networkAccess), CODEX_SANDBOX: 'seatbelt' },
  };
}

/** Lets programs know that trying is of no use. */
function withoutNetwork(env: CommandEnvironment, networkAccess: boolean): CommandEnvironment {
  return networkAccess ? env : { ...env, CODEX_SANDBOX_NETWORK_DISABLED: '1' };
}
