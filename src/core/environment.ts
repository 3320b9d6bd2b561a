import type { Dial } from '../realtime/index.ts';
import type { Compress, DialSocket, HttpTransport } from '../responses/index.ts';
import type { Logger } from '../util/logger.ts';
import type { EmitCoreEvent } from './events.ts';
import type { Identity } from './identity.ts';
import type { Ask } from './questions.ts';

/** Everything outside that the core depends on; the composition root provides it. */
export interface CoreEnvironment {
  /** Absolute and canonical. */
  readonly codexHome: string;
  /** `key=value` texts that override the configuration files. */
  readonly configOverrides: readonly string[];
  readonly variables: Readonly<Record<string, string | undefined>>;
  readonly workingDirectory: string;
  readonly packageVersion: string;
  /** A UUID that stays the same for this installation. */
  readonly installationId: string;
  readonly identity: Identity;
  /** The first name of the person at the machine, or a neutral word. */
  readonly userName: () => string;
  readonly logger: Logger;
  /** Asks the clients. */
  readonly ask: Ask;
  /** Opens realtime sockets. */
  readonly dial: Dial;
  /** Opens the sockets of the Responses API. */
  readonly responsesDial: DialSocket;
  /** Sends HTTP requests. */
  readonly http: HttpTransport;
  /** Compresses the body of a request. */
  readonly compress: Compress;
  readonly emit: EmitCoreEvent;
  /** A new UUID of version 7. */
  readonly newId: () => string;
  /** Unix milliseconds. */
  readonly now: () => number;
  /** Milliseconds on a clock that never goes back. */
  readonly monotonicNow: () => number;
  /** How long a thread that nobody follows and that does nothing stays loaded, in milliseconds. */
  readonly unloadAfterMs: number;
}
