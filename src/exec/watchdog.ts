import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { Socket } from 'node:net';
import { COMMAND_VARIABLE } from './command-environment.ts';

/**
 * Reads which process groups are there until its input ends, which it also does when the daemon is killed, and then
 * kills what is left, with what it has started, as far as that can still be seen. The lists are kept between blanks, so
 * that a number is never found inside another one.
 */
const SCRIPT = `
trap '' INT TERM HUP
run=$1
groups=' '
while read -r verb group; do
  case $verb in
    add) groups="$groups$group " ;;
    gone) case $groups in *" $group "*) groups="\${groups%% $group *} \${groups#* $group }" ;; esac ;;
    done) exit ;;
  esac
done

all=
for stat in /proc/[0-9]*/stat; do
  read -r line < "$stat" || continue
  pid=\${stat#/proc/}
  set -- \${line##*) }
  all="$all \${pid%/stat}:$2:$3"
done 2>/dev/null
family=' '
found=1
while [ -n "$found" ]; do
  found=
  for process in $all; do
    pid=\${process%%:*}
    parent=\${process#*:}
    case $family in *" $pid "*) continue ;; esac
    case "$groups$family" in *" \${parent%:*} "* | *" \${parent#*:} "*)
      family="$family$pid "
      found=1
    ;; esac
  done
done

for group in $groups; do kill -s KILL -- "-$group"; done
for pid in $family; do kill -s KILL "$pid" 2>/dev/null; done
for environment in /proc/[0-9]*/environ; do
  if grep -qsF "${COMMAND_VARIABLE}=$run." "$environment"; then
    pid=\${environment#/proc/}
    kill -s KILL "\${pid%/environ}"
  fi
done
`;

/** A small shell that outlives the daemon by a moment, in order to end the commands of a daemon that was killed. */
export class Watchdog {
  readonly #child: ChildProcess;

  /** `runId` is what the markers of all commands begin with, before a dot. */
  constructor(runId: string) {
    this.#child = spawn('/bin/sh', ['-c', SCRIPT, 'sh', runId], {
      // A group of its own: it must not be ended together with the daemon.
      detached: true,
      stdio: ['pipe', 'ignore', 'ignore'],
      env: { PATH: process.env['PATH'] ?? '/usr/bin:/bin' },
    });
    // Without it commands run all the same; what is lost is the end of those of a daemon that was killed.
    this.#child.on('error', () => {});
    this.#child.stdin?.on('error', () => {});
    this.#child.unref();
    if (this.#child.stdin instanceof Socket) this.#child.stdin.unref();
  }

  add(group: number): void {
    this.#tell(`add ${group}\n`);
  }

  gone(group: number): void {
    this.#tell(`gone ${group}\n`);
  }

  /** Lets it go when there is nothing left to end. */
  dismiss(): void {
    this.#tell('done\n');
    this.#child.stdin?.end();
  }

  /** Lets it go: it ends what is left. */
  close(): void {
    this.#child.stdin?.end();
  }

  #tell(line: string): void {
    if (this.#child.stdin?.writable === true) this.#child.stdin.write(line);
  }
}
