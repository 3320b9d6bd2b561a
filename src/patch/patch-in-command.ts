import { posix } from 'node:path';

export interface CommandPatch {
  readonly patch: string;
  /** The folder that the command changes to before, as it names it; null where it stays. */
  readonly workdir: string | null;
}

const PATCH_COMMANDS: ReadonlySet<string> = new Set(['apply_patch', 'applypatch']);
const SHELLS: ReadonlySet<string> = new Set(['bash', 'sh', 'zsh']);
const SHELL_FLAGS: ReadonlySet<string> = new Set(['-c', '-lc']);

const START = new RegExp(
  [
    // A folder is one word that the shell takes as it stands, quoted or not.
    /^(?:cd[ \t]+(?:'([^'\n]+)'|"([^"$`\\\n]+)"|([^\s'"$`\\;&|<>(){}[\]*?~!#-][^\s'"$`\\;&|<>(){}[\]*?~!]*))[ \t]*&&\s*)?/,
    /(?:apply_patch|applypatch)[ \t]*<<[ \t]*/,
    /(?:'([A-Za-z_]\w*)'|"([A-Za-z_]\w*)"|([A-Za-z_]\w*))[ \t]*\r?\n/,
  ]
    .map((part) => part.source)
    .join(''),
);

/**
 * The patch that a command hands to `apply_patch`, if that is all the command does: the tool called by itself, or a
 * shell with one heredoc for it and at most one `cd` before. Anything else gives null. The patch is not looked at.
 * The heredoc is taken as it stands also where its delimiter is not quoted and the shell would expand it, since
 * nobody means a patch to be expanded.
 */
export function patchInCommand(argv: readonly string[]): CommandPatch | null {
  const [command, flag, script] = argv;
  if (argv.length === 2 && command !== undefined && flag !== undefined && PATCH_COMMANDS.has(command)) {
    return { patch: flag, workdir: null };
  }
  if (argv.length !== 3 || command === undefined || flag === undefined || script === undefined) return null;
  if (!SHELLS.has(posix.basename(command)) || !SHELL_FLAGS.has(flag)) return null;
  return patchInScript(script.trim());
}

function patchInScript(script: string): CommandPatch | null {
  const start = START.exec(script);
  if (start === null) return null;
  const [whole, single, double, bare, ...delimiters] = start;
  const delimiter = delimiters.find((word) => word !== undefined);
  const lines = script.slice(whole.length).split('\n');
  const end = lines.findIndex((line) => line.replace(/\r$/, '') === delimiter);
  if (end !== lines.length - 1) return null;
  return { patch: lines.slice(0, end).join('\n'), workdir: single ?? double ?? bare ?? null };
}
