import type { Readable, Writable } from 'node:stream';

/** A program that is spoken to by its standard streams. */
export interface StdioSettings {
  readonly kind: 'stdio';
  /** The program and its arguments; the program is looked up in the `PATH` of `env`. */
  readonly argv: readonly string[];
  /** Absolute. */
  readonly cwd: string;
  /** All variables of the program. */
  readonly env: Readonly<Record<string, string>>;
}

/** A server that is spoken to by streamable HTTP. */
export interface HttpSettings {
  readonly kind: 'http';
  readonly url: string;
  /** Sent with every request. */
  readonly headers: Readonly<Record<string, string>>;
}

/** How one server is reached, and what it may take. */
export interface McpServerSettings {
  readonly name: string;
  readonly transport: StdioSettings | HttpSettings;
  /** How long connecting and the first list of tools may take, in milliseconds. */
  readonly startupTimeoutMs: number;
  /** How long a call may take, in milliseconds, besides the time in which a person is asked something. */
  readonly toolTimeoutMs: number;
  /** Texts that are not to be found in any message. */
  readonly secrets: readonly string[];
}

/** A running program. */
export interface ServerProcess {
  readonly stdin: Writable;
  readonly stdout: Readable;
  readonly stderr: Readable;
  /** Settles when the program has ended: with the code, or the signal that ended it. */
  readonly exited: Promise<{ readonly code: number | null; readonly signal: string | null }>;
  /** Ends the program and all that it has started. Never rejects. */
  readonly end: () => Promise<void>;
}

/** Starts a program. Rejects with a sentence when it cannot be started. */
export type StartServerProcess = (
  options: Pick<StdioSettings, 'argv' | 'cwd' | 'env'>,
) => Promise<ServerProcess>;

/** The part of `fetch` that is needed. */
export type McpFetch = (url: string | URL, init?: RequestInit) => Promise<Response>;
