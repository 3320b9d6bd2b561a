import { readdirSync, readlinkSync } from 'node:fs';
import { join } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';

/** A socket that was given a name which is no absolute path. */
export interface RelativeSocket {
  /** The number by which the system knows it. */
  readonly inode: string;
  readonly name: string;
}

/**
 * Finds out where sockets are that were bound by relative names: in the working folders of the processes that hold them,
 * as far as these may be looked at and are still in the folder in which they were.
 */
export class RelativeSockets {
  /** The folders of those that were looked for, by their inodes. */
  #folders = new Map<string, readonly string[]>();

  /** Paths at which the sockets may be. Processes are gone through only when there is a socket that was not there before. */
  async pathsOf(sockets: readonly RelativeSocket[]): Promise<string[]> {
    if (sockets.some(({ inode }) => !this.#folders.has(inode))) {
      const found = await foldersOfHolders(new Set(sockets.map(({ inode }) => inode)));
      // What is gone is forgotten; what was found first was nearer to the moment in which it was bound.
      this.#folders = new Map(
        sockets.map(({ inode }) => [inode, this.#folders.get(inode) ?? found.get(inode) ?? []]),
      );
    }
    return sockets.flatMap(({ inode, name }) =>
      (this.#folders.get(inode) ?? []).map((folder) => join(folder, name)),
    );
  }
}

/** The working folders of the processes that hold the sockets. */
async function foldersOfHolders(inodes: ReadonlySet<string>): Promise<Map<string, string[]>> {
  const folders = new Map<string, string[]>();
  for (const pid of listed('/proc').filter((name) => /^\d+$/u.test(name))) {
    const held = listed(`/proc/${pid}/fd`).flatMap((descriptor) => {
      const inode = /^socket:\[(\d+)\]$/u.exec(target(`/proc/${pid}/fd/${descriptor}`) ?? '')?.[1];
      return inode !== undefined && inodes.has(inode) ? [inode] : [];
    });
    const folder = held.length === 0 ? null : target(`/proc/${pid}/cwd`);
    for (const inode of new Set(held)) {
      if (folder !== null) folders.set(inode, [...(folders.get(inode) ?? []), folder]);
    }
    await nextTurn();
  }
  return folders;
}

/** Empty for what is gone, or belongs to others. */
function listed(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

/** Null for what is gone, or belongs to others. */
function target(link: string): string | null {
  try {
    return readlinkSync(link);
  } catch {
    return null;
  }
}
