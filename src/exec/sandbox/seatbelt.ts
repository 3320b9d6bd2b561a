import { isInside } from '../../util/inside.ts';
import type { WritableRoot } from './writable-roots.ts';

/** The program of macOS that holds a command to a profile; found nowhere else, so that no other one is taken for it. */
export const SEATBELT_PROGRAM = '/usr/bin/sandbox-exec';

export interface SeatbeltOptions {
  readonly networkAccess: boolean;
  readonly roots: readonly WritableRoot[];
}

/** What every program needs in order to run at all, and what lets it read everything. */
const BASE = `(version 1)
(deny default)
(allow process-exec)
(allow process-fork)
(allow process-info* (target same-sandbox))
(allow signal (target same-sandbox))
(allow file-read*)
(allow file-ioctl (literal "/dev/dtracehelper") (literal "/dev/tty") (regex #"^/dev/ttys[0-9]+$"))
(allow file-write*
  (literal "/dev/null")
  (literal "/dev/zero")
  (literal "/dev/tty")
  (literal "/dev/stdout")
  (literal "/dev/stderr")
  (literal "/dev/ptmx")
  (subpath "/dev/fd")
  (regex #"^/dev/ttys[0-9]+$"))
(allow pseudo-tty)
(allow sysctl-read)
(allow user-preference-read)
(allow ipc-posix-sem)
(allow ipc-posix-shm)
(allow mach-lookup
  (global-name "com.apple.system.opendirectoryd.libinfo")
  (global-name "com.apple.system.logger")
  (global-name "com.apple.system.notification_center")
  (global-name "com.apple.cfprefsd.agent")
  (global-name "com.apple.cfprefsd.daemon")
  (local-name "com.apple.cfprefsd.agent"))`;

const NETWORK = `(allow network-outbound)
(allow network-inbound)
(allow network-bind)
(allow system-socket)
(allow mach-lookup
  (global-name "com.apple.SecurityServer")
  (global-name "com.apple.networkd")
  (global-name "com.apple.ocspd")
  (global-name "com.apple.trustd.agent")
  (global-name "com.apple.SystemConfiguration.configd")
  (global-name "com.apple.SystemConfiguration.DNSConfiguration"))`;

/** A command as the sandbox of macOS has to be started to run it. Paths are parameters, not part of the profile. */
export function seatbelted(argv: readonly string[], options: SeatbeltOptions): string[] {
  const parameters = options.roots.flatMap(({ path, protectedPaths }, root) => [
    `-D${rootName(root)}=${path}`,
    ...protectedPaths.map((protectedPath, index) => `-D${protectedName(root, index)}=${protectedPath}`),
  ]);
  return [SEATBELT_PROGRAM, '-p', seatbeltProfile(options), ...parameters, '--', ...argv];
}

/** The profile that belongs to the parameters of `seatbelted`. */
export function seatbeltProfile({ networkAccess, roots }: SeatbeltOptions): string {
  const parts = [BASE];
  if (roots.length > 0) {
    parts.push(`(allow file-write*\n${roots.map((_, root) => rootRule(roots, root)).join('\n')})`);
  }
  if (networkAccess) parts.push(NETWORK);
  return parts.join('\n');
}

/**
 * One root without what is protected in any of the roots around or in it; a root that lies deeper than a protected path
 * counts more than it, which is why only the paths inside this root are taken out.
 */
function rootRule(roots: readonly WritableRoot[], root: number): string {
  const path = roots[root]?.path ?? '';
  const exceptions = roots.flatMap(({ protectedPaths }, other) =>
    protectedPaths.flatMap((protectedPath, index) =>
      isInside(path, protectedPath) ? [protectedName(other, index)] : [],
    ),
  );
  const conditions = exceptions.map((name) => `    (require-not (subpath (param "${name}")))`);
  return ['  (require-all', `    (subpath (param "${rootName(root)}"))`, ...conditions].join('\n') + ')';
}

function rootName(root: number): string {
  return `WRITABLE_${root}`;
}

function protectedName(root: number, index: number): string {
  return `PROTECTED_${root}_${index}`;
}
