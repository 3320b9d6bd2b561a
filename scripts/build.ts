/** Builds `dist/`: the program as one file, and the library as modules with their types. */
import { execFileSync } from 'node:child_process';
import { chmodSync, rmSync } from 'node:fs';
import { build } from 'esbuild';

rmSync('dist', { recursive: true, force: true });

execFileSync(process.execPath, ['node_modules/typescript/bin/tsc', '-p', 'tsconfig.build.json'], {
  stdio: 'inherit',
});

const banner = [
  '#!/usr/bin/env node',
  "import { createRequire as __createRequire } from 'node:module';",
  'const require = __createRequire(import.meta.url);',
].join('\n');

await build({
  entryPoints: ['src/cli/main.ts'],
  outfile: 'dist/cli/main.js',
  bundle: true,
  platform: 'node',
  target: 'node20',
  format: 'esm',
  banner: { js: banner },
  minifySyntax: true,
  minifyWhitespace: true,
  legalComments: 'none',
  // Optional native helpers of ws, and the type generator, which one command alone loads.
  external: ['bufferutil', 'utf-8-validate', 'json-schema-to-typescript'],
});
chmodSync('dist/cli/main.js', 0o755);
