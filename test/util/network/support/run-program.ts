import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { build } from 'esbuild';
import type { Report } from './program.ts';

const TIME_LIMIT_MS = 25_000;

export interface Program {
  /** Runs it in an environment of these variables alone. Rejects if it fails or does not end by itself. */
  run(environment: Readonly<Record<string, string>>, ...addresses: readonly string[]): Promise<Report>;
  remove(): void;
}

/** Bundles the program in the way of the product: one file that loads some of its parts late. */
export async function buildProgram(): Promise<Program> {
  const folder = mkdtempSync(join(tmpdir(), 'parley-network-'));
  const file = join(folder, 'program.mjs');
  await build({
    entryPoints: ['test/util/network/support/program.ts'],
    outfile: file,
    bundle: true,
    platform: 'node',
    target: 'node20',
    format: 'esm',
    banner: {
      js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);",
    },
    external: ['bufferutil', 'utf-8-validate'],
  });
  return {
    run: async (environment, ...addresses) => {
      const { stdout, stderr } = await promisify(execFile)(process.execPath, [file, ...addresses], {
        env: environment,
        timeout: TIME_LIMIT_MS,
      });
      if (stderr !== '') throw new Error(`the program wrote to stderr: ${stderr}`);
      return JSON.parse(stdout) as Report;
    },
    remove: () => rmSync(folder, { recursive: true }),
  };
}
