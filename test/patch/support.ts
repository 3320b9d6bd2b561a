import { mkdirSync, readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect } from 'vitest';
import type { Hunk, PlannedChange } from '../../src/patch/index.ts';
import { parsePatch, planPatch } from '../../src/patch/index.ts';
import { testFolder } from '../support/folder.ts';

/** A folder of its own for one test, by its real path, with files in it; it goes when the test ends. */
export function folderWith(files: Readonly<Record<string, string | Buffer>> = {}): string {
  const folder = testFolder();
  writeFiles(folder, files);
  return folder;
}

export function writeFiles(folder: string, files: Readonly<Record<string, string | Buffer>>): void {
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), content);
  }
}

/** All regular files below a folder with their texts; links to files count as such, links to nothing do not. */
export function filesIn(folder: string): Record<string, string> {
  const paths = readdirSync(folder, { recursive: true, encoding: 'utf8' }).toSorted();
  const files = paths.filter(
    (path) => statSync(join(folder, path), { throwIfNoEntry: false })?.isFile() === true,
  );
  return Object.fromEntries(files.map((path) => [path, readFileSync(join(folder, path), 'utf8')]));
}

/** A patch from the lines between its markers. */
export function patch(...lines: readonly string[]): string {
  return ['*** Begin Patch', ...lines, '*** End Patch'].join('\n');
}

export function hunksOf(text: string): readonly Hunk[] {
  const parsed = parsePatch(text);
  if (!parsed.ok) expect.fail(parsed.message);
  return parsed.hunks;
}

export async function changesOf(text: string, cwd: string): Promise<readonly PlannedChange[]> {
  const plan = await planPatch(hunksOf(text), { cwd });
  if (!plan.ok) expect.fail(plan.message);
  return plan.changes;
}

/** Why a patch that can be read cannot be applied. */
export async function refusalOf(text: string, cwd: string): Promise<string> {
  const plan = await planPatch(hunksOf(text), { cwd });
  if (plan.ok) expect.fail(`planned: ${plan.changes.map((change) => change.path).join()}`);
  return plan.message;
}
