import { lstat, readFile, realpath } from 'node:fs/promises';
import { isAbsolute } from 'node:path';
import type { CommandEnvironment } from '../command-environment.ts';

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
 * connecting to them, so they have to be covered where it shall have no network.
 */
export async function listeningSockets(env: CommandEnvironment): Promise<string[]> {
  const list = await readFile('/proc/net/unix', 'utf8').catch(() => '');
  const bound = list.split('\n').flatMap((line) => /^(?:\S+\s+){7}(\/.*)$/u.exec(line)?.[1] ?? []);
  const named = [env['SSH_AUTH_SOCK'], env['DOCKER_HOST'], env['DBUS_SESSION_BUS_ADDRESS']].flatMap(
    (value) => /^(?:unix:(?:path=|\/\/)?)?(\/[^,]*)/u.exec(value ?? '')?.[1] ?? [],
  );
  const candidates = [...new Set([...WELL_KNOWN, ...named, ...bound])].slice(0, MAX_SOCKETS);
  const paths = await Promise.all(candidates.map(socketAt));
  return [...new Set(paths.filter((path) => path !== null))];
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
