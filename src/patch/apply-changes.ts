import { randomBytes } from 'node:crypto';
import { constants } from 'node:fs';
import { lstat, open, rename, unlink } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { basename, dirname } from 'node:path';
import { errorCode } from '../util/error-code.ts';
import { errorMessage } from '../util/errors.ts';
import { readFileState } from './file-state.ts';
import { holdFolder } from './held-folder.ts';
import type { HeldFolder } from './held-folder.ts';
import type { PlannedChange } from './planned-change.ts';
import { resolveReal } from './real-path.ts';

/** Whether all changes are made; if not, which are made wholly. The one that failed is not made. */
export type AppliedChanges =
  | { readonly ok: true }
  | { readonly ok: false; readonly message: string; readonly applied: readonly PlannedChange[] };

/**
 * Makes planned changes, one after the other. Each file is written beside its place and renamed, so that nobody sees
 * half of it; it keeps its permission bits and, where the system allows it, its owner. A file is touched only if its
 * path still leads where it led and it still has the text that the plan saw. Ends at the first failure and leaves
 * what is made until then.
 */
export async function applyChanges(changes: readonly PlannedChange[]): Promise<AppliedChanges> {
  for (const [index, change] of changes.entries()) {
    try {
      await applyChange(change);
    } catch (error) {
      const message = `${JSON.stringify(change.patchPath)} could not be changed: ${reasonOf(error)}`;
      return { ok: false, message, applied: changes.slice(0, index) };
    }
  }
  return { ok: true };
}

/** Errors of the system come by their code alone: their messages name the paths that are used inwardly. */
function reasonOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? errorCode(error) : errorMessage(error);
}

async function applyChange(change: PlannedChange): Promise<void> {
  await expectSamePlace(change.path, change.realPath);
  const moves = change.movePath !== null && change.realMovePath !== null;
  if (moves) await expectSamePlace(change.movePath, change.realMovePath);
  const folder = await holdFolder(dirname(change.realPath), change.kind === 'add');
  try {
    const source = folder.entry(basename(change.realPath));
    await expectContent(source, change.before);
    if (change.after === null) await unlink(source);
    else if (moves) await move(source, change.realMovePath, change.after);
    else await write(folder, basename(change.realPath), change.after, change.before === null ? null : source);
  } finally {
    await folder.release();
  }
}

async function move(source: string, realTarget: string, text: string): Promise<void> {
  const folder = await holdFolder(dirname(realTarget), true);
  try {
    const target = folder.entry(basename(realTarget));
    await expectContent(target, null);
    await write(folder, basename(realTarget), text, source);
    try {
      await unlink(source);
    } catch (error) {
      // The change is either made wholly or not at all, so the copy goes again.
      await unlink(target);
      throw error;
    }
  } finally {
    await folder.release();
  }
}

/** Writes a file that takes over permissions and owner of another, if there is one to take them from. */
async function write(folder: HeldFolder, name: string, text: string, model: string | null): Promise<void> {
  const temporary = folder.entry(`.patch-${randomBytes(8).toString('hex')}.tmp`);
  const flags = constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL;
  const handle = await open(temporary, flags, model === null ? 0o666 : 0o600);
  try {
    try {
      await handle.writeFile(text);
      if (model !== null) await resemble(handle, model);
    } finally {
      await handle.close();
    }
    await rename(temporary, folder.entry(name));
  } catch (error) {
    // Where even this fails, the first error says why.
    await unlink(temporary).catch(() => undefined);
    throw error;
  }
}

async function resemble(handle: FileHandle, model: string): Promise<void> {
  const wanted = await lstat(model);
  const written = await handle.stat();
  if (wanted.uid !== written.uid || wanted.gid !== written.gid) {
    // Whoever may write to a folder may replace the files of others in it, but not give them away.
    await handle.chown(wanted.uid, wanted.gid).catch((error: unknown) => {
      if (errorCode(error) !== 'EPERM') throw error;
    });
  }
  await handle.chmod(wanted.mode & 0o777);
}

async function expectSamePlace(path: string, realPath: string): Promise<void> {
  const real = await resolveReal(path);
  if (!real.ok) throw new Error(real.message);
  if (real.path !== realPath) throw new Error('it leads to another place than when the patch was checked');
}

async function expectContent(path: string, text: string | null): Promise<void> {
  const state = await readFileState(path);
  if (state.kind === 'unfit') throw new Error(`it ${state.reason}`);
  if (state.kind === 'missing' && text !== null) throw new Error('it is gone since the patch was checked');
  if (state.kind === 'text' && text === null)
    throw new Error('it came into being since the patch was checked');
  if (state.kind === 'text' && state.text !== text)
    throw new Error('its content changed since the patch was checked');
}
