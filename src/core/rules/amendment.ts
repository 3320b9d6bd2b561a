import { basename } from 'node:path';
import { plainWords } from './command-parts.ts';

/** Programs that do anything whatever, as their arguments say. */
const INTERPRETERS = new Set(
  (
    'awk bash bun cmd csh dash deno eval fish gawk git ipython ksh lua node nodejs npx osascript perl php powershell pwsh py ' +
    'pypy python python3 ruby sh source ssh tcsh tsx uvx zsh'
  ).split(' '),
);

/** Programs that run the command which follows them. */
const WRAPPERS = new Set(
  'builtin command doas env exec flock nice nohup setsid stdbuf sudo su time timeout watch xargs'.split(' '),
);

const MAX_WORDS = 256;

/** Characters of all words together. */
const MAX_LENGTH = 4_096;

/**
 * The words with which a command may be allowed from now on, to be shown to a person: those of the command, or the prefix that
 * the model wishes for where that is a fitting one. Null where there is nothing that a rule could say, or it would allow
 * everything that a program such as a shell can be told.
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
  if (!prefix.every((word, index) => word === words[index])) return false;
  // Where the wrapped command begins is not known, so nothing less than the whole is a prefix of it.
  return prefix.length === words.length || (!WRAPPERS.has(nameOf(prefix)) && !isTooWide(prefix));
}

/** Whether words name nothing but a program that does anything, perhaps with options. */
function isTooWide(words: readonly string[]): boolean {
  const [, ...rest] = words;
  const name = nameOf(words);
  if (WRAPPERS.has(name)) {
    const command = rest.filter((word) => !word.startsWith('-') && !/^[A-Za-z_][A-Za-z0-9_]*=/u.test(word));
    return command.length === 0 || isTooWide(command);
  }
  return INTERPRETERS.has(name) && rest.every((word) => word.startsWith('-'));
}

/** The name of the program, without its version. */
function nameOf([program = '']: readonly string[]): string {
  const name = basename(program);
  return INTERPRETERS.has(name) ? name : name.replace(/[\d.]+$/u, '');
}
