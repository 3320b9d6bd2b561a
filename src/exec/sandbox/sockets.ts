import { lstat, readdir, readFile, realpath } from 'node:fs/promises';
import { dirname, isAbsolute, join } from 'node:path';
import type { CommandEnvironment } from '../command-environment.ts';
import type { RelativeSockets } from './relative-sockets.ts';

/** Sockets that give much power to whoever reaches them, also where the list of the system does not show them. */
const WELL_KNOWN = [
  '/run/docker.sock',
  '/run/podman/podman.sock',
  '/run/containerd/containerd.sock',
  '/run/dbus/system_bus_socket',
  '/run/systemd/private',
];

/** More would not fit into a command line. */
const MAX_SOCKETS = 2_000;

/**
 * The sockets in the file system on which other processes listen. A read-only file system does not keep a command from
 * connecting to them, so they have to be covered where it shall have no network. The system tells only the name under
 * which one was bound; where that is gone, as after a renaming, all sockets of its folder are meant.
 */
export async function listeningSockets(
  env: CommandEnvironment,
  relativeSockets: RelativeSockets,
): Promise<string[]> {
  const list = await readFile('/proc/net/unix', 'utf8').catch(() => '');
  const bound = list.split('\n').flatMap((line) => {
    const [, inode, name] = /^(?:\S+\s+){6}(\d+)\s(.+)$/u.exec(line) ?? [];
    // One that begins with `@` is in no file system.
    return inode === undefined || name === undefined || name.startsWith('@') ? [] : [{ inode, name }];
  });
  const absolute = bound.flatMap(({ name }) => (isAbsolute(name) ? [name] : []));
  const relative = await relativeSockets.pathsOf(bound.filter(({ name }) => !isAbsolute(name)));
  const named = [env['SSH_AUTH_SOCK'], env['DOCKER_HOST'], env['DBUS_SESSION_BUS_ADDRESS']].flatMap(
    (value) => /^(?:unix:(?:path=|\/\/)?)?(\/[^,]*)/u.exec(value ?? '')?.[1] ?? [],
  );
  const atNames = [...new Set([...absolute, ...relative])];
  const gone = await missing(atNames);
  const besides = await Promise.all([...new Set(gone.map((path) => dirname(path)))].map(socketsIn));
  const candidates = [...new Set([...WELL_KNOWN, ...named, ...atNames, ...besides.flat()])];
  const paths = await Promise.all(candidates.slice(0, MAX_SOCKETS).map(socketAt));
  return [...new Set(paths.filter((path) => path !== null))];
}

async function missing(paths: readonly string[]): Promise<string[]> {
  const found = await Promise.all(
    paths.map((path) =>
      lstat(path).then(
        () => [],
        () => [path],
      ),
    ),
  );
  return found.flat();
}

/** The sockets of a folder; none where it is gone, or out of reach. */
async function socketsIn(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
  return entries.flatMap((entry) => (entry.isSocket() ? [join(folder, entry.name)] : []));
}

async function socketAt(path: string): Promise<string | null> {
  if (!isAbsolute(path)) return null;
  try {
    const found = await realpath(path);
    return (await lstat(found)).isSocket() ? found : null;
  } catch {
    // It is gone, or out of reach for the command as well.
    return null;
  }
}
