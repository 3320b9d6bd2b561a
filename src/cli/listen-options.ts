import { InvalidArgumentError, Option } from 'commander';
import type { Command } from 'commander';
import type { AuthMode, AuthOptions } from '../listen/auth/policy.ts';
import { originProblem } from '../listen/origins.ts';
import { parseListenUrl } from '../listen/target.ts';
import type { ListenTarget } from '../listen/target.ts';

/** What the command line says about where to serve and whom. */
export interface ListenFlags extends AuthOptions {
  readonly listen?: readonly ListenTarget[] | undefined;
  readonly allowOrigin?: readonly string[] | undefined;
}

const AUTH_MODES: readonly AuthMode[] = ['capability-token', 'signed-bearer-token'];

export function withListenOptions(command: Command): Command {
  return command
    .option(
      '--listen <url>',
      'where to serve: stdio://, ws://IP:PORT, unix://, unix://PATH or off; repeatable (default: stdio://)',
      listenTarget,
    )
    .option('--allow-origin <origin>', 'let web pages of this origin connect; repeatable', allowedOrigin)
    .addOption(
      new Option('--ws-auth <mode>', 'who may connect to a WebSocket; required off loopback').choices(
        AUTH_MODES,
      ),
    )
    .option('--ws-token-file <path>', 'capability-token: file with the token')
    .option('--ws-token-sha256 <hex>', 'capability-token: SHA-256 digest of the token')
    .option('--ws-shared-secret-file <path>', 'signed-bearer-token: file with the secret, at least 32 bytes')
    .option('--ws-issuer <name>', 'signed-bearer-token: required `iss`')
    .option('--ws-audience <name>', 'signed-bearer-token: required `aud`')
    .option('--ws-max-clock-skew-seconds <seconds>', 'signed-bearer-token: default 30', seconds);
}

/** Options given before the name of the command count as well; what is behind it wins, and lists are put together. */
export function mergedListenFlags(before: ListenFlags, after: ListenFlags): ListenFlags {
  return {
    listen: [...(before.listen ?? []), ...(after.listen ?? [])],
    allowOrigin: [...(before.allowOrigin ?? []), ...(after.allowOrigin ?? [])],
    wsAuth: after.wsAuth ?? before.wsAuth,
    wsTokenFile: after.wsTokenFile ?? before.wsTokenFile,
    wsTokenSha256: after.wsTokenSha256 ?? before.wsTokenSha256,
    wsSharedSecretFile: after.wsSharedSecretFile ?? before.wsSharedSecretFile,
    wsIssuer: after.wsIssuer ?? before.wsIssuer,
    wsAudience: after.wsAudience ?? before.wsAudience,
    wsMaxClockSkewSeconds: after.wsMaxClockSkewSeconds ?? before.wsMaxClockSkewSeconds,
  };
}

/** Whether anything is said about who may connect, which is checked even where nobody connects. */
export function hasAuthFlags(flags: ListenFlags): boolean {
  const { allowOrigin: _, listen: __, ...auth } = flags;
  return Object.values(auth).some((value) => value !== undefined);
}

function listenTarget(url: string, previous: readonly ListenTarget[] = []): ListenTarget[] {
  const parsed = parseListenUrl(url);
  if (!parsed.ok) throw new InvalidArgumentError(parsed.message);
  return [...previous, parsed.target];
}

function allowedOrigin(origin: string, previous: readonly string[] = []): string[] {
  const problem = originProblem(origin);
  if (problem !== null) throw new InvalidArgumentError(problem);
  return [...previous, origin];
}

function seconds(text: string): number {
  if (/^\d{1,9}$/.test(text)) return Number(text);
  throw new InvalidArgumentError('expected a whole number of seconds');
}
