import { stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';

/** The nearest folder, from an absolute path upwards, that has a `.git`; null where none has. */
export async function repositoryRoot(cwd: string): Promise<string | null> {
  for (let folder = cwd; ; folder = dirname(folder)) {
    if (await exists(join(folder, '.git'))) return folder;
    if (dirname(folder) === folder) return null;
  }
}

function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}
