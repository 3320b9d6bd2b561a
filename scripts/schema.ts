// Writes schema/json and schema/typescript from the protocol's zod schemas. With --check it writes nothing, lists the
// files that differ and exits 1 if there are any.
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { jsonSchemaFiles, jsonText, typescriptFiles } from '../src/protocol/schema/index.ts';

const root = fileURLToPath(new URL('../schema/', import.meta.url));

await mkdir(root, { recursive: true });
const files = await generate();
const drifted = await drift(files);
if (process.argv.includes('--check')) {
  for (const path of drifted)
    console.error(`schema/${path} is not what the protocol generates; run npm run schema`);
  process.exitCode = drifted.length > 0 ? 1 : 0;
} else {
  for (const path of drifted) await update(path, files.get(path));
  console.log(`schema: ${files.size} files, ${drifted.length} changed`);
}

/** Everything that is committed: the experimental surface, which holds the stable one. */
async function generate(): Promise<Map<string, string>> {
  const json = jsonSchemaFiles({ experimental: true });
  const typescript = await typescriptFiles(json);
  return new Map([
    ...[...json].map(([path, schema]) => [`json/${path}`, jsonText(schema)] as const),
    ...[...typescript].map(([path, source]) => [`typescript/${path}`, source] as const),
  ]);
}

/** Paths that are missing, different or stale. */
async function drift(expected: ReadonlyMap<string, string>): Promise<string[]> {
  const present = new Map<string, string>();
  for (const path of await filesBelow(root)) {
    const text = await readFile(join(root, path), 'utf8');
    present.set(path, text);
  }
  const paths = new Set([...expected.keys(), ...present.keys()]);
  return [...paths].filter((path) => expected.get(path) !== present.get(path)).sort();
}

async function filesBelow(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)).split(sep).join('/'))
    .filter((path) => path.startsWith('json/') || path.startsWith('typescript/'));
}

async function update(path: string, text: string | undefined): Promise<void> {
  const target = join(root, path);
  if (text === undefined) return rm(target);
  await mkdir(dirname(target), { recursive: true });
  await writeFile(target, text);
}
