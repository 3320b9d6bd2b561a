/** The generation of the protocol that clients look for where a server states its version. */
export const COMPATIBLE_VERSION = '0.130.0';

const FALLBACK_ORIGINATOR = 'codex_cli_rs';

/** What is known about the machine, for the user agent. */
export interface Platform {
  /** For example `Debian`. */
  readonly osName: string;
  readonly osVersion: string;
  /** For example `x86_64`. */
  readonly architecture: string;
  /** What the daemon runs in, for example `xterm-256color`; never empty. */
  readonly terminal: string;
}

export interface ClientIdentity {
  readonly name: string;
  readonly version: string;
}

/**
 * Names the program that speaks to the upstream. The first client to introduce itself names the process, unless the
 * environment variable `CODEX_INTERNAL_ORIGINATOR_OVERRIDE` does.
 */
export class Identity {
  readonly #platform: Platform;
  readonly #packageVersion: string;
  readonly #override: string | null;
  #firstClient: ClientIdentity | null = null;

  constructor(options: { platform: Platform; packageVersion: string; originatorOverride: string | null }) {
    this.#platform = options.platform;
    this.#packageVersion = options.packageVersion;
    this.#override = options.originatorOverride;
  }

  introduce(client: ClientIdentity): void {
    this.#firstClient ??= client;
  }

  /** What the first client to introduce itself is named; null before. */
  get clientName(): string | null {
    return this.#firstClient?.name ?? null;
  }

  get originator(): string {
    return this.#override ?? this.#firstClient?.name ?? FALLBACK_ORIGINATOR;
  }

  /** `<originator>/<compatible version> (<os>; <architecture>) <terminal> (<client>) parley/<version>` */
  userAgent(client: ClientIdentity | null = this.#firstClient): string {
    const { osName, osVersion, architecture, terminal } = this.#platform;
    const parts = [
      `${this.originator}/${COMPATIBLE_VERSION}`,
      `(${osName} ${osVersion}; ${architecture})`,
      terminal,
      ...(client === null ? [] : [`(${client.name}; ${client.version})`]),
      `parley/${this.#packageVersion}`,
    ];
    return parts.join(' ').replace(/[^\x20-\x7e]/g, '_');
  }

  /** The headers that name this program to an upstream, where nothing else sets them. */
  get headers(): Readonly<Record<string, string>> {
    return { originator: this.originator, 'User-Agent': this.userAgent() };
  }
}
