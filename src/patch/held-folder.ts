import { constants } from 'node:fs';
import { mkdir, open, readlink, realpath } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { errorCode } from '../util/error-code.ts';

/** A flag that Node does not name: the folder is only held, not read, so that no right to read it is needed. */
const O_PATH = 0o10000000;

/**
 * A folder in which files are written. Where the system allows it (Linux with /proc) the folder itself is held open
 * and names are looked up in it, so that whoever puts a symbolic link in the place of one of its parents meanwhile
 * moves nothing. Elsewhere its path is checked once, when it is taken hold of.
 */
export class HeldFolder {
  readonly #path: string;
  readonly #handle: FileHandle | null;

  constructor(path: string, handle: FileHandle | null) {
    this.#path = path;
    this.#handle = handle;
  }

  /** The path under which a file of this folder can be opened, renamed or removed. */
  entry(name: string): string {
    return join(this.#handle === null ? this.#path : handlePath(this.#handle), name);
  }

  async release(): Promise<void> {
    await this.#handle?.close();
  }
}

/**
 * Takes hold of a folder by its real path. With `create`, missing folders are made. Rejects where it is not there or
 * a symbolic link stands in its way. `byHandle` says whether folders can be held open; it is found out if not given.
 */
export async function holdFolder(realPath: string, create: boolean, byHandle?: boolean): Promise<HeldFolder> {
  if (byHandle ?? (await hasHandlePaths()))
    return new HeldFolder(realPath, await holdHandle(realPath, create));
  await checkFolder(realPath, create);
  return new HeldFolder(realPath, null);
}

async function checkFolder(realPath: string, create: boolean): Promise<void> {
  const found = await realpath(realPath).catch((error: unknown) => {
    if (errorCode(error) === 'ENOENT') return null;
    throw error;
  });
  if (found === realPath) return;
  if (found !== null) throw moved(realPath);
  if (!create || dirname(realPath) === realPath) throw missing(realPath);
  await checkFolder(dirname(realPath), true);
  await makeFolder(realPath);
  await checkFolder(realPath, false);
}

async function holdHandle(realPath: string, create: boolean): Promise<FileHandle> {
  const flags = O_PATH | constants.O_DIRECTORY | constants.O_NOFOLLOW;
  const handle = await openFolder(realPath, flags);
  if (handle !== null) {
    if ((await readlink(handlePath(handle))) === realPath) return handle;
    await handle.close();
    throw moved(realPath);
  }
  if (!create || dirname(realPath) === realPath) throw missing(realPath);
  const parent = await holdHandle(dirname(realPath), create);
  try {
    const path = join(handlePath(parent), basename(realPath));
    await makeFolder(path);
    return await open(path, flags);
  } finally {
    await parent.close();
  }
}

/** Makes one folder; that something is there already is for whoever opens it to judge. */
async function makeFolder(path: string): Promise<void> {
  await mkdir(path).catch((error: unknown) => {
    if (errorCode(error) !== 'EEXIST') throw error;
  });
}

async function openFolder(path: string, flags: number): Promise<FileHandle | null> {
  try {
    return await open(path, flags);
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return null;
    throw error;
  }
}

function handlePath(handle: FileHandle): string {
  return `/proc/self/fd/${handle.fd}`;
}

async function hasHandlePaths(): Promise<boolean> {
  if (process.platform !== 'linux') return false;
  return readlink('/proc/self').then(
    () => true,
    () => false,
  );
}

function missing(path: string): Error {
  return new Error(`the folder ${path} does not exist`);
}

function moved(path: string): Error {
  return new Error(`the folder ${path} is not what it was when the patch was checked`);
}
