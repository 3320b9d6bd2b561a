/** Compares what would be published with what the package promises: its export map, its program, and nothing else. */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

interface Manifest {
  readonly bin: Readonly<Record<string, string>>;
  readonly exports: Readonly<Record<string, string | Readonly<Record<string, string>>>>;
}

const PUBLISHED = /^(dist|docs|schema)\/|^(README\.md|LICENSE|package\.json)$/;

const manifest = JSON.parse(readFileSync('package.json', 'utf8')) as Manifest;
const packed = JSON.parse(
  execFileSync('npm', ['pack', '--dry-run', '--json', '--ignore-scripts'], { encoding: 'utf8' }),
) as
  { files: { path: string; mode: number }[] }[] | Record<string, { files: { path: string; mode: number }[] }>;
const files = Object.values(packed)[0]?.files ?? [];
const paths = new Set(files.map(({ path }) => path));

const problems: string[] = [];
for (const [name, target] of Object.entries(manifest.exports)) {
  for (const path of typeof target === 'string' ? [target] : Object.values(target)) {
    const relative = path.replace(/^\.\//, '');
    const isThere = relative.includes('*')
      ? [...paths].some((candidate) => candidate.startsWith(relative.split('*')[0] ?? ''))
      : paths.has(relative);
    if (!isThere) problems.push(`${name} exports ${path}, which is not in the package`);
  }
}
for (const [name, path] of Object.entries(manifest.bin)) {
  const file = files.find((candidate) => candidate.path === path);
  if (file === undefined) problems.push(`the program ${name} is ${path}, which is not in the package`);
  else if ((file.mode & 0o111) === 0) problems.push(`${path} is not executable`);
}
for (const path of paths) {
  if (!PUBLISHED.test(path)) problems.push(`${path} does not belong into the package`);
}

for (const problem of problems) process.stderr.write(`${problem}\n`);
process.stdout.write(`package: ${paths.size} files, ${problems.length} problems\n`);
process.exit(problems.length === 0 ? 0 : 1);
