import { homedir } from 'node:os';
import { basename, isAbsolute, resolve } from 'node:path';
import { shellQuoted } from './quoting.ts';
import { splitScript } from './script.ts';
import type { ScriptWord } from './script.ts';
import { scriptOf } from './shell.ts';

/** What a command does, in the words of somebody who reads along. */
export type CommandAction =
  | { readonly type: 'read'; readonly command: string; readonly name: string; readonly path: string }
  | { readonly type: 'listFiles'; readonly command: string; readonly path: string | null }
  | {
      readonly type: 'search';
      readonly command: string;
      readonly query: string | null;
      readonly path: string | null;
    }
  | { readonly type: 'unknown'; readonly command: string };

/** Programs that only bring what they read into shape, when they have no file to read. */
const FORMATTERS = new Set('head tail wc sort uniq cut tr nl column rev tac'.split(' '));

/** Options of these programs that are followed by a value. */
const OPTIONS_WITH_VALUE: Readonly<Record<string, RegExp>> = {
  head: /^-[nc]$/u,
  tail: /^-[nc]$/u,
  nl: /^-[bdfhilnsvw]$/u,
  bat: /^-[lrH]$/u,
  ls: /^-[IwT]$/u,
  tree: /^-[LPIo]$/u,
  cut: /^-[bcdf]$/u,
  sort: /^-[kStTo]$/u,
  column: /^-[cNostx]$/u,
  uniq: /^-[fsw]$/u,
  grep: /^(?:-[efmABCD]|--(?:include|exclude|exclude-dir|max-count|context))$/u,
  rg: /^(?:-[efgmtTABCEMjr]|--(?:glob|iglob|type|type-not|max-count|max-depth|context|sort|replace))$/u,
  ag: /^-[ABCGm]$/u,
};

/**
 * What a command does. A shell's script is taken apart; if a part of it is not recognised, or it is more than plain
 * commands, the whole of it is one unknown action. `cwd` is what the paths of files that are read are relative to, and
 * `home` the folder that a shell puts in the place of a tilde.
 */
export function parseActions(
  argv: readonly string[],
  cwd: string,
  home: string = homedir(),
): CommandAction[] {
  const script = scriptOf(argv);
  const whole: CommandAction = { type: 'unknown', command: script ?? shellQuoted(argv) };
  const commands =
    script === null ? [argv.map(literal)] : (splitScript(script)?.map(({ words }) => words) ?? null);
  if (commands === null) return [whole];

  const actions: CommandAction[] = [];
  let folder = cwd;
  for (const [index, words] of commands.entries()) {
    const command = words.map(({ text }) => text);
    if (command[0] === 'cd' && index < commands.length - 1) {
      const target = command[1];
      if (command.length !== 2 || target === undefined || /^[-~]/u.test(target)) return [whole];
      folder = resolve(folder, target);
      continue;
    }
    if (index > 0 && isFormatter(command)) continue;
    const action = withHome(actionOf(command, folder), words, home);
    if (action === null) return [whole];
    actions.push(action);
  }
  return actions.length === 0 ? [whole] : actions;
}

/** Puts the home in the place of an unquoted tilde; that of another user could be anywhere. */
function withHome(
  action: CommandAction | null,
  words: readonly ScriptWord[],
  home: string,
): CommandAction | null {
  const tilde = words.find(({ isPattern, text }) => isPattern && text.startsWith('~'))?.text;
  if (action?.type !== 'read' || tilde === undefined) return action;
  if (!tilde.startsWith('~/')) return null;
  const path = resolve(home, tilde.slice(2));
  return { ...action, name: basename(path), path };
}

function literal(text: string): ScriptWord {
  return { text, isPattern: false };
}

function isFormatter([program = '', ...args]: readonly string[]): boolean {
  if (program === 'sed') return args.length === 2 && isLinesOnly(args);
  return FORMATTERS.has(program) && withoutSets(program, operandsOf(program, args)).length === 0;
}

/** Whether the arguments make `sed` print lines by their numbers, and do nothing else. */
function isLinesOnly([option, lines = '']: readonly string[]): boolean {
  return option === '-n' && /^[\d$,;p]+$/u.test(lines);
}

/** What `tr` works with are sets of characters, not files. */
function withoutSets(program: string, operands: readonly string[]): readonly string[] {
  return program === 'tr' ? [] : operands;
}

function actionOf(argv: readonly string[], folder: string): CommandAction | null {
  const [program = '', ...args] = argv;
  const command = shellQuoted(argv);
  switch (basename(program)) {
    case 'cat':
    case 'bat':
    case 'batcat':
    case 'less':
    case 'more':
    case 'nl':
    case 'head':
    case 'tail':
      return reading(command, operandsOf(basename(program), args), folder);
    case 'sed':
      return isLinesOnly(args) ? reading(command, args.slice(2), folder) : null;
    case 'ls':
    case 'tree':
    case 'du':
      return { type: 'listFiles', command, path: operandsOf(basename(program), args)[0] ?? null };
    case 'rg':
    case 'grep':
    case 'egrep':
    case 'fgrep':
    case 'ag':
    case 'ack':
      return searching(command, basename(program), args);
    case 'find':
      return finding(command, args);
    case 'git':
      return ofGit(command, args);
    default:
      return null;
  }
}

function reading(command: string, files: readonly string[], folder: string): CommandAction | null {
  const [file] = files;
  if (file === undefined || files.length > 1) return null;
  const path = isAbsolute(file) ? file : resolve(folder, file);
  return { type: 'read', command, name: basename(path), path };
}

function searching(command: string, program: string, args: readonly string[]): CommandAction {
  const operands = operandsOf(program, args);
  if (program === 'rg' && args.includes('--files')) {
    return { type: 'listFiles', command, path: operands[0] ?? null };
  }
  const explicit = args.findIndex((arg) => arg === '-e' || arg === '--regexp');
  if (explicit !== -1) {
    return { type: 'search', command, query: args[explicit + 1] ?? null, path: operands[0] ?? null };
  }
  return { type: 'search', command, query: operands[0] ?? null, path: operands[1] ?? null };
}

function finding(command: string, args: readonly string[]): CommandAction | null {
  if (args.some((arg) => /^-(?:exec|ok|delete|fprint|fls)/u.test(arg))) return null;
  const first = args[0];
  const path = first === undefined || /^[-(!]/u.test(first) ? null : first;
  const name = args.findIndex((arg) => /^-i?(?:name|path|wholename|regex)$/u.test(arg));
  if (name === -1) return { type: 'listFiles', command, path };
  return { type: 'search', command, query: args[name + 1] ?? null, path };
}

function ofGit(command: string, [subcommand, ...args]: readonly string[]): CommandAction | null {
  if (subcommand === 'grep') return searching(command, 'grep', args);
  if (subcommand !== 'ls-files') return null;
  return { type: 'listFiles', command, path: operandsOf('git', args)[0] ?? null };
}

/** The arguments that are neither options nor values of them. */
function operandsOf(program: string, args: readonly string[]): string[] {
  const withValue = OPTIONS_WITH_VALUE[program];
  const operands: string[] = [];
  for (let index = 0; index < args.length; index += 1) {
    const arg = args[index] ?? '';
    if (arg === '--') return [...operands, ...args.slice(index + 1)];
    if (withValue?.test(arg) === true) index += 1;
    else if (!arg.startsWith('-') || arg === '-') operands.push(arg);
  }
  return operands;
}
