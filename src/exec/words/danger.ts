import { basename } from 'node:path';
import { ASSIGNMENT, splitScript } from './script.ts';
import { SHELLS } from './shell.ts';

/** Programs that run the command which follows them, somewhere after their own options. */
const WRAPPERS = new Set(
  'sudo doas env nohup nice time timeout exec command builtin xargs setsid stdbuf'.split(' '),
);

/** A script in a script, and one in that; deeper ones are not looked into. */
const MAX_DEPTH = 4;

/**
 * Whether a command removes files without asking: `rm` with the option that forces it, also behind `sudo` and the like
 * and inside a shell's script. A script that is more than plain commands is looked through word by word.
 */
export function isDangerous(argv: readonly string[]): boolean {
  return isForcedRemoval(argv, 0);
}

function isForcedRemoval(argv: readonly string[], depth: number): boolean {
  const names = argv.map((word) => basename(word));
  // The options of a wrapper can have values, so every later word may be where its command begins.
  const isWrapped = WRAPPERS.has(names[0] ?? '');
  const removal = isWrapped ? names.indexOf('rm') : names[0] === 'rm' ? 0 : -1;
  if (removal !== -1 && isForced(argv.slice(removal + 1))) return true;
  const shell = isWrapped ? names.findIndex((name) => SHELLS.has(name)) : SHELLS.has(names[0] ?? '') ? 0 : -1;
  if (shell === -1 || depth >= MAX_DEPTH) return false;
  const option = argv.findIndex((word, index) => index > shell && /^-[a-z]*c$/u.test(word));
  const script = option === -1 ? undefined : argv[option + 1];
  return script !== undefined && isDangerousScript(script, depth + 1);
}

function isDangerousScript(script: string, depth: number): boolean {
  const plain = splitScript(script)?.map(({ words }) => words.map(({ text }) => text));
  return (plain ?? looseCommands(script)).some((command) => isForcedRemoval(command, depth));
}

function isForced(args: readonly string[]): boolean {
  const end = args.indexOf('--');
  const options = end === -1 ? args : args.slice(0, end);
  return options.some((arg) => /^-[A-Za-z]*f/u.test(arg) || (arg.length > 3 && '--force'.startsWith(arg)));
}

/** A guess at the commands of a script that was not understood: quotes are dropped, and every operator separates. */
function looseCommands(script: string): string[][] {
  return script
    .split(/[;&|()`\n{}!]|\b(?:do|then|else|elif|if|while|until)\b/u)
    .map((part) => part.replace(/["'\\]/gu, '').split(/\s+/u))
    .map((words) => words.slice(words.findIndex((word) => word !== '' && !ASSIGNMENT.test(word))))
    .filter((words) => words.length > 0);
}
