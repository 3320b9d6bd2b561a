import { access, constants, lstat } from 'node:fs/promises';
import { dirname, isAbsolute, join } from 'node:path';
import { isInside } from '../../util/inside.ts';
import { depthOf } from './writable-roots.ts';
import type { WritableRoot } from './writable-roots.ts';

/** What the system lets bubblewrap do; the first that works is used. */
export interface BubblewrapMode {
  /** A user namespace, in which the command has no rights over what lies outside. */
  readonly userNamespace: boolean;
  /** A `/proc` of its own. Without one the command sees the processes of others, and cannot touch them. */
  readonly ownProc: boolean;
}

/** From the strictest on. Without a user namespace a `/proc` of others would be a way out, so it is one of the two. */
export const BUBBLEWRAP_MODES: readonly BubblewrapMode[] = [
  { userNamespace: true, ownProc: true },
  { userNamespace: true, ownProc: false },
  { userNamespace: false, ownProc: true },
];

export interface BubblewrapOptions {
  readonly program: string;
  readonly mode: BubblewrapMode;
  readonly isRoot: boolean;
  readonly cwd: string;
  readonly networkAccess: boolean;
  readonly roots: readonly WritableRoot[];
  /** Paths of sockets that the command must not reach. */
  readonly sockets: readonly string[];
}

const SYSTEM_FOLDERS = ['/usr/bin', '/bin', '/usr/local/bin'];

/**
 * Finds bubblewrap, in the directories of the system before those of `PATH`. Of the latter none is used that a command
 * may write to.
 */
export async function findBubblewrap(path: string, mistrusted: readonly string[]): Promise<string | null> {
  const others = path
    .split(':')
    .filter((folder) => isAbsolute(folder) && !mistrusted.some((root) => isInside(root, folder)));
  for (const folder of [...SYSTEM_FOLDERS, ...others]) {
    const program = join(folder, 'bwrap');
    const isThere = await access(program, constants.X_OK).then(
      () => true,
      () => false,
    );
    if (isThere) return program;
  }
  return null;
}

/** A command as bubblewrap has to be started to run it. */
export async function bubblewrapped(argv: readonly string[], options: BubblewrapOptions): Promise<string[]> {
  const { program, mode, isRoot, cwd, networkAccess, roots, sockets } = options;
  return [
    program,
    ...(await mounts(mode, isRoot, roots)),
    ...sockets.flatMap((socket) => ['--ro-bind', '/dev/null', socket]),
    ...(mode.userNamespace ? ['--unshare-user'] : []),
    '--unshare-pid',
    '--unshare-ipc',
    ...(networkAccess ? [] : ['--unshare-net']),
    // A bubblewrap that is installed with more rights than its user drops them all by itself, and only then.
    ...(mode.userNamespace || isRoot ? ['--cap-drop', 'ALL'] : []),
    '--die-with-parent',
    '--chdir',
    cwd,
    '--',
    ...argv,
  ];
}

async function mounts(
  mode: BubblewrapMode,
  isRoot: boolean,
  roots: readonly WritableRoot[],
): Promise<string[]> {
  const isAllWritable = roots.some(({ path }) => path === '/');
  const proc = mode.ownProc
    ? // Root owns the switches of the whole machine there.
      ['--proc', '/proc', ...(isRoot ? ['--remount-ro', '/proc'] : [])]
    : ['--ro-bind', '/proc', '/proc'];
  return [
    isAllWritable ? '--bind' : '--ro-bind',
    '/',
    '/',
    ...(isAllWritable ? ['--ro-bind-try', '/sys', '/sys'] : []),
    '--dev',
    '/dev',
    ...proc,
    ...(await rootMounts(roots)),
  ];
}

interface Mount {
  readonly path: string;
  readonly isWritable: boolean;
}

/** What lies deeper comes later and counts; at one and the same path protection does. */
async function rootMounts(roots: readonly WritableRoot[]): Promise<string[]> {
  const writable = roots
    .filter(({ path }) => path !== '/')
    .map(({ path }): Mount => ({ path, isWritable: true }));
  const guarded = await bindable(roots.flatMap(({ protectedPaths }) => protectedPaths));
  const held = await bindable(pathsBetween(roots, guarded));
  return [
    ...writable,
    ...held.map((path): Mount => ({ path, isWritable: true })),
    ...guarded.map((path): Mount => ({ path, isWritable: false })),
  ]
    .sort(
      (one, other) =>
        depthOf(one.path) - depthOf(other.path) || Number(other.isWritable) - Number(one.isWritable),
    )
    .flatMap(({ path, isWritable }) => [isWritable ? '--bind' : '--ro-bind', path, path]);
}

/**
 * The folders between a root and what is guarded deeper in it. As mounts of their own they cannot be renamed, so that nothing
 * else can be put in the place of what is guarded.
 */
function pathsBetween(roots: readonly WritableRoot[], guarded: readonly string[]): string[] {
  const between = roots.flatMap(({ path: root }) => {
    const inRoot = guarded.filter((path) => isInside(root, path));
    return inRoot
      .flatMap((path) => foldersAbove(path, root))
      .filter((folder) => !inRoot.some((path) => isInside(path, folder)));
  });
  return [...new Set(between)];
}

function foldersAbove(path: string, root: string): string[] {
  const folders: string[] = [];
  for (let folder = dirname(path); folder !== root && isInside(root, folder); folder = dirname(folder)) {
    folders.push(folder);
  }
  return folders;
}

async function bindable(paths: readonly string[]): Promise<string[]> {
  const present = await Promise.all(paths.map(async (path) => ((await canBeBound(path)) ? [path] : [])));
  return present.flat();
}

/** What is not there cannot be guarded, and a link cannot be mounted over; where it leads to is guarded instead. */
async function canBeBound(path: string): Promise<boolean> {
  return lstat(path).then(
    (found) => !found.isSymbolicLink(),
    () => false,
  );
}
