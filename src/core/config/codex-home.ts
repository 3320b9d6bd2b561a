import { realpathSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { errorCode } from '../../util/error-code.ts';

/** The directory that holds `config.toml`, `auth.json` and the sessions, or why it cannot be used. */
export type CodexHomeOutcome =
  { readonly ok: true; readonly path: string } | { readonly ok: false; readonly message: string };

/**
 * Finds the home directory of the daemon.
 *
 * `CODEX_HOME`, when set and not empty, must name an existing directory. Otherwise `.codex` under `homeDirectory` is
 * used, whether it exists or not. The path is absolute, and canonical as far as it exists.
 */
export function resolveCodexHome(
  environment: Readonly<Record<string, string | undefined>>,
  homeDirectory: string,
): CodexHomeOutcome {
  const configured = environment['CODEX_HOME'];
  if (configured !== undefined && configured !== '') return existingDirectory(configured);
  const fallback = resolve(join(homeDirectory, '.codex'));
  return { ok: true, path: canonicalIfPossible(fallback) };
}

function existingDirectory(configured: string): CodexHomeOutcome {
  try {
    const path = realpathSync(configured);
    if (statSync(path).isDirectory()) return { ok: true, path };
    return { ok: false, message: `CODEX_HOME names ${JSON.stringify(configured)}, which is not a directory` };
  } catch (error) {
    const code = errorCode(error);
    const reason = code === 'ENOENT' ? 'which does not exist' : `which cannot be opened (${code})`;
    return { ok: false, message: `CODEX_HOME names ${JSON.stringify(configured)}, ${reason}` };
  }
}

function canonicalIfPossible(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    // The default directory need not exist yet; whatever else is wrong with it shows when a file in it is opened.
    return path;
  }
}
