import { mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';

/** An empty folder, by its real path. It is removed after the test, with all that is in it then. */
export function testFolder(): string {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'parley-test-')));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}
