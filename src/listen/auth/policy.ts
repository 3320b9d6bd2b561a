import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { errorMessage } from '../../util/errors.ts';
import { ListenError } from '../errors.ts';
import type { AuthPolicy } from './authenticator.ts';

export type AuthMode = AuthPolicy['mode'];

/** The options of the command line about who may connect, as they were given. */
export interface AuthOptions {
  readonly wsAuth?: AuthMode | undefined;
  readonly wsTokenFile?: string | undefined;
  readonly wsTokenSha256?: string | undefined;
  readonly wsSharedSecretFile?: string | undefined;
  readonly wsIssuer?: string | undefined;
  readonly wsAudience?: string | undefined;
  readonly wsMaxClockSkewSeconds?: number | undefined;
}

/** Each option with the mode it belongs to. */
const OPTIONS = [
  ['wsTokenFile', '--ws-token-file', 'capability-token'],
  ['wsTokenSha256', '--ws-token-sha256', 'capability-token'],
  ['wsSharedSecretFile', '--ws-shared-secret-file', 'signed-bearer-token'],
  ['wsIssuer', '--ws-issuer', 'signed-bearer-token'],
  ['wsAudience', '--ws-audience', 'signed-bearer-token'],
  ['wsMaxClockSkewSeconds', '--ws-max-clock-skew-seconds', 'signed-bearer-token'],
] as const;

const DEFAULT_CLOCK_SKEW_SECONDS = 30;
const SHORTEST_SECRET_BYTES = 32;

/** Puts the options together and reads the files they name; null where no mode is chosen. Throws `ListenError`. */
export function authPolicy(options: AuthOptions): AuthPolicy | null {
  const mode = options.wsAuth;
  for (const [name, flag, owner] of OPTIONS) {
    if (options[name] === undefined || owner === mode) continue;
    throw new ListenError(
      mode === undefined
        ? `${flag} needs --ws-auth ${owner}`
        : `${flag} is for --ws-auth ${owner}, not ${mode}`,
    );
  }
  if (mode === undefined) return null;
  return mode === 'capability-token' ? capabilityToken(options) : signedBearerToken(options);
}

function capabilityToken({ wsTokenFile, wsTokenSha256 }: AuthOptions): AuthPolicy {
  const mode = 'capability-token';
  if (wsTokenFile !== undefined && wsTokenSha256 !== undefined) {
    throw new ListenError('--ws-token-file and --ws-token-sha256 exclude each other');
  }
  if (wsTokenSha256 !== undefined) {
    if (!/^[0-9a-f]{64}$/i.test(wsTokenSha256)) {
      throw new ListenError('--ws-token-sha256 must be 64 hexadecimal digits');
    }
    return { mode, sha256: Buffer.from(wsTokenSha256, 'hex') };
  }
  if (wsTokenFile === undefined) {
    throw new ListenError(`--ws-auth ${mode} needs --ws-token-file or --ws-token-sha256`);
  }
  const token = readTrimmed('--ws-token-file', wsTokenFile);
  if (token === '') throw new ListenError(`the token file ${resolve(wsTokenFile)} is empty`);
  return { mode, sha256: createHash('sha256').update(token).digest() };
}

function signedBearerToken(options: AuthOptions): AuthPolicy {
  const mode = 'signed-bearer-token';
  const { wsAudience, wsIssuer, wsMaxClockSkewSeconds, wsSharedSecretFile } = options;
  if (wsSharedSecretFile === undefined) {
    throw new ListenError(`--ws-auth ${mode} needs --ws-shared-secret-file`);
  }
  const secret = Buffer.from(readTrimmed('--ws-shared-secret-file', wsSharedSecretFile));
  if (secret.length < SHORTEST_SECRET_BYTES) {
    const path = resolve(wsSharedSecretFile);
    throw new ListenError(`the shared secret in ${path} must be at least ${SHORTEST_SECRET_BYTES} bytes`);
  }
  return {
    mode,
    rules: {
      secret,
      issuer: given('--ws-issuer', wsIssuer),
      audience: given('--ws-audience', wsAudience),
      maxClockSkewSeconds: wsMaxClockSkewSeconds ?? DEFAULT_CLOCK_SKEW_SECONDS,
    },
  };
}

/** An empty name would be met by no token, or read as none at all; neither can be meant. */
function given(flag: string, value: string | undefined): string | null {
  const trimmed = value?.trim();
  if (trimmed === '') throw new ListenError(`${flag} must not be empty`);
  return trimmed ?? null;
}

function readTrimmed(flag: string, path: string): string {
  try {
    return readFileSync(path, 'utf8').trim();
  } catch (error) {
    throw new ListenError(`cannot read the file of ${flag}: ${errorMessage(error)}`, { cause: error });
  }
}
