import * as tls from 'node:tls';
import type { SecureContext } from 'node:tls';
import type { Logger } from '../logger.ts';
import { NetworkConfigurationError } from './errors.ts';
import { parseBundle, readBundle } from './trust-roots.ts';
import type { BundleSelection, ReadFile, TrustOutcome, TrustRoots } from './trust-roots.ts';

/** What was made of the file, and the context once somebody has asked for it. */
interface Loaded {
  readonly bytes: Uint8Array;
  readonly outcome: TrustOutcome;
  context: SecureContext | null;
}

/**
 * Gives out the TLS context for a selected bundle. The file is read every time, so that a change or a loss shows at
 * once; what was made of it is kept for as long as the bytes stay the same, because it takes tens of milliseconds.
 */
export class TrustStore {
  readonly #selection: BundleSelection;
  readonly #readFile: ReadFile;
  readonly #logger: Logger;
  #last: Loaded | null = null;
  #reported: string | null = null;

  constructor(selection: BundleSelection, readFile: ReadFile, logger: Logger) {
    this.#selection = selection;
    this.#readFile = readFile;
    this.#logger = logger;
  }

  /** Rejects with a `NetworkConfigurationError` as long as the bundle cannot be used. */
  async check(): Promise<void> {
    await this.#load();
  }

  /** Rejects as `check` does. */
  async secureContext(): Promise<SecureContext> {
    const { loaded, certificates } = await this.#load();
    loaded.context ??= tls.createSecureContext({
      ca: [...defaultRoots(), ...certificates],
      // A bundle may hold an intermediate certificate without the root above it.
      allowPartialTrustChain: true,
    });
    return loaded.context;
  }

  async #load(): Promise<{ loaded: Loaded; certificates: readonly string[] }> {
    const file = await readBundle(this.#selection, this.#readFile);
    if (!file.ok) throw this.#failure(file.message);
    if (this.#last === null || Buffer.compare(this.#last.bytes, file.bytes) !== 0) {
      const outcome = parseBundle(this.#selection, file.bytes);
      this.#last = { bytes: file.bytes, outcome, context: null };
      if (outcome.ok) this.#reportSuccess(outcome.roots);
    }
    const loaded = this.#last;
    if (!loaded.outcome.ok) throw this.#failure(loaded.outcome.message);
    return { loaded, certificates: loaded.outcome.roots.certificates };
  }

  #reportSuccess({ certificates, ignoredRevocationLists }: TrustRoots): void {
    this.#reported = null;
    const fields = this.#fields({ certificateCount: certificates.length, ignoredRevocationLists });
    this.#logger.info(fields, 'CA bundle loaded');
  }

  /** Every attempt fails with the message; the log gets it once. */
  #failure(message: string): NetworkConfigurationError {
    if (this.#reported !== message) {
      this.#reported = message;
      this.#logger.warn(this.#fields({ error: message }), 'CA bundle cannot be used');
    }
    return new NetworkConfigurationError(message);
  }

  #fields(more: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
    return { caVariable: this.#selection.variable, caPath: this.#selection.path, ...more };
  }
}

/** What Node trusts by default. Versions that cannot be asked trust the certificates that they were built with. */
function defaultRoots(): readonly string[] {
  const { getCACertificates } = tls as { getCACertificates?: (kind: 'default') => string[] };
  return getCACertificates?.('default') ?? tls.rootCertificates;
}
