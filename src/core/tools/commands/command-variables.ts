import type { CommandEnvironment } from '../../../exec/index.ts';
import type { ShellEnvironmentSettings } from '../../config/index.ts';

export interface CommandVariablesOptions {
  /** Those of the daemon. */
  readonly variables: Readonly<Record<string, string | undefined>>;
  readonly settings: ShellEnvironmentSettings;
  /** The names of variables that are known to hold credentials, besides those whose names say so. */
  readonly credentials: ReadonlySet<string>;
}

/** Names of variables that may hold credentials. */
const CREDENTIAL = /KEY|SECRET|TOKEN/iu;

/** What programs cannot do without. */
const CORE = new Set(['HOME', 'LOGNAME', 'PATH', 'SHELL', 'USER', 'USERNAME', 'TMPDIR', 'TEMP', 'TMP']);

/** The variables of commands: those of the daemon, as the settings leave them, and without what may be a credential. */
export function commandVariables({
  credentials,
  settings,
  variables,
}: CommandVariablesOptions): CommandEnvironment {
  const { exclude, ignoresDefaultExcludes, includeOnly, inherit, set } = settings;
  const excluded = exclude.map(namePattern);
  const inherited = Object.entries(variables).filter((entry): entry is [string, string] => {
    const [name, value] = entry;
    if (value === undefined || inherit === 'none' || (inherit === 'core' && !CORE.has(name.toUpperCase()))) {
      return false;
    }
    if (!ignoresDefaultExcludes && (CREDENTIAL.test(name) || credentials.has(name))) return false;
    return !excluded.some((pattern) => pattern.test(name));
  });
  const put = [...set].map(([name, value]) => [name, value.reveal()] as const);
  const included = includeOnly.map(namePattern);
  return Object.fromEntries(
    [...inherited, ...put].filter(
      ([name]) => included.length === 0 || included.some((pattern) => pattern.test(name)),
    ),
  );
}

function namePattern(text: string): RegExp {
  const source = text
    .replaceAll(/[.+^${}()|[\]\\]/gu, String.raw`\$&`)
    .replaceAll('*', '.*')
    .replaceAll('?', '.');
  return new RegExp(`^${source}$`, 'isu');
}
