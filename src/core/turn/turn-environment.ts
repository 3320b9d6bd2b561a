import { isAbsolute } from 'node:path';
import type { TurnEnvironmentParams } from '../../protocol/index.ts';
import { CoreError } from '../errors.ts';
import type { TurnSettings } from './turn-settings.ts';

/** The machine that this program runs on: the only environment that there is. */
const LOCAL = 'local';

/** Where a turn works; null is nowhere, and then it has no tools that touch files or run commands. */
export type TurnEnvironment = { readonly cwd: string } | null;

/**
 * Finds out what environments come to that a client has selected; undefined where it has selected none. Throws `invalidInput` for one
 * that there is not.
 */
export function selectedEnvironment(
  environments: readonly TurnEnvironmentParams[] | null | undefined,
): TurnEnvironment | undefined {
  if (environments == null) return undefined;
  const unknown = environments.find(({ environmentId }) => environmentId !== LOCAL);
  if (unknown !== undefined) throw refused(`unknown turn environment id \`${unknown.environmentId}\``);
  const [environment, another] = environments;
  if (another !== undefined) throw refused(`the turn environment id \`${LOCAL}\` is there more than once`);
  if (environment === undefined) return null;
  if (environment.cwd.includes('\0')) throw refused('`environments[0].cwd` has a NUL character');
  if (!isAbsolute(environment.cwd)) {
    throw refused(`the cwd of the turn environment \`${LOCAL}\` is not an absolute path: ${environment.cwd}`);
  }
  return { cwd: environment.cwd };
}

/** The settings of a turn that works in an environment of its own. */
export function withEnvironment(
  settings: TurnSettings,
  environment: TurnEnvironment | undefined,
): TurnSettings {
  if (environment === undefined) return settings;
  if (environment === null) return { ...settings, hasEnvironment: false };
  return { ...settings, cwd: environment.cwd, hasEnvironment: true };
}

function refused(message: string): CoreError {
  return new CoreError('invalidInput', message);
}
