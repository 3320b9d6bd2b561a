import { basename } from 'node:path';
import { splitScript } from './script.ts';
import type { ScriptCommand } from './script.ts';
import { scriptOf } from './shell.ts';
import { isSystemProgram } from './system-program.ts';

/** Programs that change nothing and start nothing, whatever their arguments. */
const HARMLESS = new Set(
  (
    'cat cd cut echo expr false grep head id ls nl numfmt paste pwd rev seq stat tac tail tr true uname wc which ' +
    'whoami'
  ).split(' '),
);

const FIND_ACTIONS = new Set(
  '-exec -execdir -ok -okdir -delete -fls -fprint -fprint0 -fprintf -files0-from'.split(' '),
);

const GIT_READERS = new Set(['status', 'log', 'diff', 'show']);
const GIT_BRANCH_READERS = new Set([
  '--show-current',
  '-a',
  '--all',
  '-r',
  '--remotes',
  '--list',
  '-v',
  '-vv',
]);

/** Options by which a reader writes or starts something; an unmistakable beginning of a long one counts as well. */
const GIT_OPTIONS = ['--output', '--ext-diff', '--textconv', '--exec', '--open-files-in-pager'];
const RIPGREP_OPTIONS = ['--pre', '--hostname-bin', '--search-zip'];

/**
 * Whether a command is known to only look: programs of a fixed list with arguments that make them do nothing else, or a
 * shell with a script of nothing but such commands. Anything not understood is not safe.
 */
export function isKnownSafe(argv: readonly string[]): boolean {
  const script = scriptOf(argv);
  if (script === null) return isSafeCommand(argv);
  if (!isSystemProgram(argv[0] ?? '')) return false;
  const commands = splitScript(script);
  return commands !== null && commands.every(isSafeScriptCommand);
}

function isSafeScriptCommand({ words }: ScriptCommand): boolean {
  const [program, ...rest] = words;
  if (program === undefined || program.isPattern) return false;
  const argv = words.map(({ text }) => text);
  // A pattern can become an option by way of a file's name; that matters where options do.
  if (!HARMLESS.has(basename(program.text)) && rest.some(({ isPattern }) => isPattern)) return false;
  return isSafeCommand(argv);
}

function isSafeCommand(argv: readonly string[]): boolean {
  const [program = '', ...args] = argv;
  if (!isSystemProgram(program)) return false;
  const name = basename(program);
  if (HARMLESS.has(name)) return true;
  switch (name) {
    case 'base64':
      return !args.some((arg) => /^-[A-Za-z]*o/u.test(arg) || isOption(arg, '--output'));
    case 'find':
      return !args.some((arg) => FIND_ACTIONS.has(arg));
    case 'git':
      return isSafeGit(args);
    case 'rg':
      return !args.some(
        (arg) => /^-[A-Za-z0-9]*z/u.test(arg) || RIPGREP_OPTIONS.some((option) => isOption(arg, option)),
      );
    case 'sed':
      return isSafeSed(args);
    case 'uniq':
      // A second operand is a file to write to.
      return args.filter((arg) => !arg.startsWith('-')).length <= 1 && !args.includes('--');
    default:
      return false;
  }
}

function isSafeGit([subcommand = '', ...args]: readonly string[]): boolean {
  if (subcommand === 'branch') return args.every((arg) => GIT_BRANCH_READERS.has(arg));
  if (!GIT_READERS.has(subcommand)) return false;
  return !args.some((arg) => GIT_OPTIONS.some((option) => isOption(arg, option)));
}

/** Prints lines by their numbers, such as `-n 1,200p`; everything else of the program can write and run. */
function isSafeSed(args: readonly string[]): boolean {
  const [option, lines = '', file = ''] = args;
  return args.length <= 3 && option === '-n' && /^\d+(?:,\d+)?p$/u.test(lines) && !file.startsWith('-');
}

/** Whether an argument is a long option, with or without a value, also if it is cut short. */
function isOption(argument: string, option: string): boolean {
  const name = argument.split('=', 1)[0] ?? '';
  return name.length > 2 && option.startsWith(name);
}
