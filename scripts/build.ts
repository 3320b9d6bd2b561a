/** Builds `dist/`: the program as one file, and the library as modules with their types. */
import { execFileSync } from 'node:child_process';
import { chmodSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { build } from 'esbuild';

/** Built aside and put in place at the end, so that a program that is running finds whole files. */
const draft = `dist.${process.pid}.tmp`;

const compiler = ['node_modules/typescript/bin/tsc', '-p', 'tsconfig.build.json', '--outDir', draft];
execFileSync(process.execPath, compiler, { stdio: 'inherit' });

await build({
  entryPoints: ['src/cli/main.ts'],
  outfile: `${draft}/cli/main.js`,
  bundle: true,
  platform: 'node',
  target: 'node20',
  // A CommonJS file starts faster, and what it loads late stays unloaded: imports of an ES module are all loaded first.
  format: 'cjs',
  banner: { js: '#!/usr/bin/env node' },
  minifySyntax: true,
  minifyWhitespace: true,
  legalComments: 'none',
  // Optional native helpers of ws, the type generator, and and what few installations use.
  external: ['@bokuweb/zstd-wasm', 'bufferutil', 'utf-8-validate', 'json-schema-to-typescript', 'undici'],
});
writeFileSync(`${draft}/cli/package.json`, '{ "type": "commonjs" }\n');
chmodSync(`${draft}/cli/main.js`, 0o755);
rmSync('dist', { recursive: true, force: true });
renameSync(draft, 'dist');
