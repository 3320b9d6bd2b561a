import { basename } from 'node:path';
import { isSystemProgram } from '../../exec/index.ts';
import { plainWords } from './command-parts.ts';

/** Programs that do anything whatever, as their arguments or a file say. */
const INTERPRETERS = new Set(
  (
    'ash awk bash bun cmd csh dash deno ed elvish emacs ex expect fish gawk gdb guile java julia ksh lua luajit mawk mksh nano ' +
    'nawk node nodejs nu nvim osascript perl php powershell pwsh py pypy python rscript ruby sed sh tclsh tcsh ts-node tsx ' +
    'vi vim wish xonsh zsh'
  ).split(' '),
);

/** Those that take code behind `-c`, and for which all behind it is an argument of that code and nothing else. */
const PYTHONS = new Set(['py', 'pypy', 'python']);

/** Programs that run a command or a file which they are given, also by an option behind all others. */
const WRAPPERS = new Set(
  (
    '. at batch builtin bunx busybox catchsegv chroot chrt command coproc cpulimit crontab dbus-run-session direnv doas ' +
    'docker entr env eval exec fakeroot fd fdfind find firejail flock gosu hyperfine ionice kubectl linux32 linux64 ltrace mise ' +
    'nerdctl nice nix nix-shell nohup npx nsenter numactl parallel pkexec podman proot prlimit rsh run-parts runuser script ' +
    'setarch setpriv setsid source ssh start-stop-daemon stdbuf strace su sudo systemd-run taskset time timeout toybox trap ' +
    'tsp unbuffer unshare uvx valgrind watch watchexec xargs xvfb-run'
  ).split(' '),
);

/** The same for programs that have other tasks besides: by their first words. */
const WRAPPING_TASKS = new Set(
  (
    'bun:x bundle:exec conda:run deno:run hatch:run npm:exec npm:x pdm:run pipenv:run pipx:run pnpm:dlx pnpm:exec poetry:run ' +
    'rye:run uv:run uv:tool yarn:dlx yarn:exec'
  ).split(' '),
);

const MAX_WORDS = 256;

/** Characters of all words together. */
const MAX_LENGTH = 4_096;

/**
 * The words with which a command may be allowed from now on, to be shown to a person: those of the command, or the prefix that
 * the model wishes for where that is a fitting one. Null where there is nothing that a rule could say, or where it would allow
 * whatever the agent likes: by arguments that follow, or by a file that the agent can change.
 */
export function proposedAmendment(
  argv: readonly string[],
  wantedPrefix: readonly string[] | null,
  userShell: string,
): string[] | null {
  const words = plainWords(argv, userShell);
  if (words === null || !isAmendment(words) || isTooWide(words)) return null;
  if (wantedPrefix === null || !isFittingPrefix(wantedPrefix, words)) return [...words];
  return [...wantedPrefix];
}

/** Whether words can be those of a rule: some, not too many, and all of them such as a command can have. */
export function isAmendment(words: readonly string[]): boolean {
  const length = words.reduce((sum, word) => sum + word.length, 0);
  if (words.length === 0 || words[0] === '' || words.length > MAX_WORDS || length > MAX_LENGTH) return false;
  return words.every((word) => !/\0|\p{Surrogate}/u.test(word));
}

function isFittingPrefix(prefix: readonly string[], words: readonly string[]): boolean {
  if (prefix.length === 0 || prefix.length > words.length) return false;
  return prefix.every((word, index) => word === words[index]) && !isTooWide(prefix);
}

/** Whether a rule with these words would allow more than anybody can tell who reads them. */
function isTooWide(words: readonly string[]): boolean {
  const [program = '', first] = words;
  if (first === undefined || !isSystemProgram(program)) return true;
  const name = nameOf(program);
  if (PYTHONS.has(name)) return !isInlineCode(words);
  if (INTERPRETERS.has(name) || WRAPPERS.has(name) || WRAPPING_TASKS.has(`${name}:${first}`)) return true;
  // An option in front of the task can name a program, or a folder whose settings do.
  return name === 'git' && first.startsWith('-');
}

/** Code that is whole in the words. What it imports could come from the working directory. */
function isInlineCode([, option, code]: readonly string[]): boolean {
  return option === '-c' && code !== undefined && !/import|exec|eval/u.test(code);
}

/** The name of the program, without its version. */
function nameOf(program: string): string {
  const name = basename(program)
    .toLowerCase()
    .replace(/\.exe$/u, '');
  return name.replace(/(?<=.)-?[\d.]+$/u, '');
}
