import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { mkdir, open, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { errorCode } from '../../util/error-code.ts';
import { isHeaderValue } from '../../util/header-value.ts';
import { AuthError } from './auth-error.ts';
import type { AuthErrorCode } from './auth-error.ts';
import { apiKeyFile, parseAuthFile } from './auth-file.ts';
import type { AuthState } from './auth-state.ts';

/**
 * The login of the user, in `auth.json` of the home directory.
 *
 * Nothing is cached: another process may log in or out at any time. Every failure is an {@link AuthError}.
 */
export class AuthStore {
  /** The absolute path of `auth.json`, which need not exist. */
  readonly file: string;
  readonly #codexHome: string;

  constructor(options: { readonly codexHome: string }) {
    this.#codexHome = options.codexHome;
    this.file = join(options.codexHome, 'auth.json');
  }

  /** The stored login. A file that does not exist is no login; one that cannot be understood is an error. */
  read(): AuthState {
    const text = this.#readText();
    if (text === null) return { kind: 'none' };
    const state = parseAuthFile(text);
    if (state === null) throw new AuthError('file_malformed', `${this.file}: not a valid credentials file`);
    return state;
  }

  /**
   * Stores an API key in place of whatever login there was. The file is readable by its owner alone and is replaced in
   * one step, so that a reader sees the old login or the new one, never a part.
   */
  async loginWithApiKey(apiKey: string): Promise<void> {
    const key = apiKey.trim();
    if (key === '') throw new AuthError('api_key_empty', 'the API key is empty');
    if (!isHeaderValue(key)) {
      throw new AuthError('api_key_illegal', 'the API key has characters that an HTTP header cannot carry');
    }
    const draft = join(this.#codexHome, `.auth.json.${randomUUID()}.tmp`);
    try {
      await mkdir(this.#codexHome, { recursive: true, mode: 0o700 });
      await writeDurably(draft, apiKeyFile(key));
      await rename(draft, this.file);
    } catch (error) {
      await rm(draft, { force: true }).catch(() => undefined);
      throw this.#failure('file_unwritable', 'cannot be written', error);
    }
  }

  /** Forgets the login. Says whether there was a file to remove. */
  async logout(): Promise<boolean> {
    try {
      await rm(this.file);
      return true;
    } catch (error) {
      if (errorCode(error) === 'ENOENT') return false;
      throw this.#failure('file_unwritable', 'cannot be removed', error);
    }
  }

  #readText(): string | null {
    try {
      return readFileSync(this.file, 'utf8');
    } catch (error) {
      if (errorCode(error) === 'ENOENT') return null;
      throw this.#failure('file_unreadable', 'cannot be read', error);
    }
  }

  #failure(code: AuthErrorCode, what: string, cause: unknown): AuthError {
    return new AuthError(code, `${this.file}: ${what} (${errorCode(cause)})`, { cause });
  }
}

/** Creates a file of mode 0600 whatever the process's umask, and returns once its content is on the disk. */
async function writeDurably(path: string, text: string): Promise<void> {
  const handle = await open(path, 'wx', 0o600);
  try {
    await handle.chmod(0o600);
    await handle.writeFile(text);
    await handle.sync();
  } finally {
    await handle.close();
  }
}
