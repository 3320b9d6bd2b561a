import { chmodSync, mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach } from 'vitest';
import { PROGRAM } from '../support/daemon.ts';

const folders: string[] = [];

afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
});

/** What a client that starts `PATH app-server …` itself is given. Removed after the test. */
export interface ClientPlace {
  /** A program that is Parley on its embedded upstream, whatever it is asked for. */
  readonly program: string;
  /** The environment that keeps Parley, and what starts it, out of the person's own files. */
  readonly env: Readonly<Record<string, string>>;
  /** An empty directory to work in. Its name has a dot and a blank, as a person's may have. */
  readonly workingDirectory: string;
  /** Where a client may write its own log. */
  readonly logs: string;
}

/** `config` is the text of `config.toml`. */
export function clientPlace({ config = '' }: { config?: string } = {}): ClientPlace {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'parley-client-')));
  folders.push(folder);
  const home = join(folder, 'home');
  const workingDirectory = join(folder, 'my project v1.0');
  for (const path of [home, workingDirectory]) mkdirSync(path);
  writeFileSync(join(home, 'config.toml'), config);
  const program = join(folder, 'parley-loopback');
  writeFileSync(program, `#!/bin/sh\nexec '${process.execPath}' '${PROGRAM}' --loopback "$@"\n`);
  chmodSync(program, 0o755);
  return {
    program,
    env: { PATH: process.env['PATH'] ?? '', HOME: home, CODEX_HOME: home },
    workingDirectory,
    logs: join(folder, 'logs'),
  };
}
