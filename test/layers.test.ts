import { spawnSync } from 'node:child_process';
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';

/** What each layer may import besides itself; the second telling of the rule that the linter enforces. */
const MAY_IMPORT: Readonly<Record<string, readonly string[]>> = {
  util: [],
  protocol: ['util'],
  realtime: ['protocol', 'util'],
  responses: ['protocol', 'util'],
  patch: ['util'],
  core: ['exec', 'mcp', 'patch', 'protocol', 'realtime', 'responses', 'util'],
  exec: ['util'],
  mcp: ['util'],
  rpc: ['util'],
  listen: ['rpc', 'util'],
  server: ['core', 'protocol', 'rpc', 'util'],
  client: ['protocol', 'rpc', 'util'],
  loopback: ['util'],
  playground: ['client', 'protocol', 'util'],
  cli: [
    'client',
    'core',
    'exec',
    'listen',
    'loopback',
    'protocol',
    'realtime',
    'responses',
    'rpc',
    'server',
    'util',
  ],
};

const folders: string[] = [];

afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

describe('layers', () => {
  it('are the folders of src', () => {
    expect(readdirSync('src').toSorted()).toEqual(Object.keys(MAY_IMPORT).toSorted());
  });

  it('import in one direction only', () => {
    const violations = sourceFiles('src').flatMap((file) =>
      importsOf(file).flatMap((target) => {
        const from = layerOf(file);
        const to = layerOf(target);
        if (to === null || to === from || MAY_IMPORT[from ?? '']?.includes(to) === true) return [];
        return [`${file} imports ${target}`];
      }),
    );
    expect(violations).toEqual([]);
  });

  it.each([
    ['a value import', "import { Core } from '../core/index.ts';\nexport const planted = Core;\n"],
    ['a type import', "import type { Core } from '../core/index.ts';\nexport type Planted = Core;\n"],
    ['a re-export', "export { Core } from '../core/index.ts';\n"],
    ['a dynamic import', "export const planted = () => import('../core/index.ts');\n"],
  ])('are guarded by the linter against %s', (_kind, source) => {
    const project = plant({
      'src/core/index.ts': 'export class Core {}\n',
      'src/protocol/planted.ts': source,
    });
    const result = lint(project);
    expect(result.output).toContain('boundaries(dependencies)');
    expect(result.output).toContain('from elements of type "protocol" to elements of type "core"');
    expect(result.status).toBe(1);
  });

  it('let the linter pass what is allowed', () => {
    const project = plant({
      'src/core/index.ts': "import type { Word } from '../protocol/word.ts';\nexport type Words = Word[];\n",
      'src/protocol/word.ts': 'export type Word = string;\n',
    });
    expect(lint(project)).toMatchObject({ status: 0 });
  });
});

/** A project of its own with the linter's configuration of this one. */
function plant(files: Readonly<Record<string, string>>): string {
  const project = mkdtempSync(join(tmpdir(), 'parley-layers-'));
  folders.push(project);
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(project, path)), { recursive: true });
    writeFileSync(join(project, path), text);
  }
  for (const file of ['.oxlintrc.json', 'tsconfig.json', 'package.json']) cpSync(file, join(project, file));
  symlinkSync(resolve('node_modules'), join(project, 'node_modules'));
  return project;
}

function lint(project: string): { status: number | null; output: string } {
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [resolve('node_modules/oxlint/bin/oxlint'), 'src'],
    { cwd: project, encoding: 'utf8' },
  );
  return { status, output: stdout + stderr };
}

function sourceFiles(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.ts'))
    .map((path) => join(folder, path));
}

/** The files that a file imports by a relative path, in whatever way. */
function importsOf(file: string): string[] {
  const source = readFileSync(file, 'utf8');
  return [...source.matchAll(/(?:from|import)\s*\(?\s*'(\.[^']+)'/g)].map((match) =>
    join(dirname(file), match[1] ?? ''),
  );
}

function layerOf(path: string): string | null {
  return /^src\/([^/]+)\//.exec(path)?.[1] ?? null;
}
