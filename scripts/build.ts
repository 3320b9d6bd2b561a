/** Builds `dist/`: the program as one file, the playground's page, and the library as modules with their types. */
import { execFileSync } from 'node:child_process';
import { chmodSync, cpSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { build } from 'esbuild';
import { audioWorkletSource } from '../src/client/browser/worklet-source.ts';

/** Built aside and put in place at the end, so that a program that is running finds whole files. */
const draft = `dist.${process.pid}.tmp`;

for (const project of ['tsconfig.build.json', 'tsconfig.build.browser.json']) {
  const compiler = ['node_modules/typescript/bin/tsc', '-p', project, '--outDir', draft];
  execFileSync(process.execPath, compiler, { stdio: 'inherit' });
}

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
  // Optional native helpers of ws, the type generator, and what few installations use.
  external: [
    '@bokuweb/zstd-wasm',
    '@lydell/node-pty',
    '@modelcontextprotocol/sdk',
    'bufferutil',
    'utf-8-validate',
    'json-schema-to-typescript',
    'sharp',
    'undici',
    'werift',
  ],
});
writeFileSync(`${draft}/cli/package.json`, '{ "type": "commonjs" }\n');
chmodSync(`${draft}/cli/main.js`, 0o755);

// The library for pages is one file, so that a page without a bundler can load it as it is.
await build({
  entryPoints: ['src/client/browser/index.ts'],
  outfile: `${draft}/client/browser.js`,
  bundle: true,
  platform: 'browser',
  target: 'es2022',
  format: 'esm',
  legalComments: 'none',
});

// The page is small and meant to be read, also in the browser: it is not minified.
await build({
  entryPoints: ['src/playground/main.ts'],
  outfile: `${draft}/playground/main.js`,
  bundle: true,
  platform: 'browser',
  target: 'es2022',
  format: 'esm',
  legalComments: 'none',
});
for (const file of ['index.html', 'style.css', 'icon.svg']) {
  cpSync(`src/playground/${file}`, `${draft}/playground/${file}`);
}
writeFileSync(`${draft}/playground/audio-worklet.js`, audioWorkletSource());

rmSync('dist', { recursive: true, force: true });
renameSync(draft, 'dist');
