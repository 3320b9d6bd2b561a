import { isSystemProgram, scriptOf, splitScript } from '../../exec/index.ts';

/** One command, which rules judge by itself. */
export interface CommandPart {
  readonly words: readonly string[];
  /** Whether the shell may make other words of it. */
  readonly hasPattern: boolean;
  /** False for one that only counts for what it is not allowed: what runs it is not known to do just that. */
  readonly canBeAllowed: boolean;
}

/**
 * The commands that rules judge: the plain commands of a shell's script, else the whole command. A shell that is neither the
 * user's nor the system's may do anything with its script, so the whole command counts there as well.
 */
export function commandParts(argv: readonly string[], userShell: string): CommandPart[] {
  const whole = { words: argv, hasPattern: false, canBeAllowed: true };
  const script = scriptOf(argv);
  const commands = script === null ? null : splitScript(script);
  if (commands === null) return [whole];
  const shell = argv[0] ?? '';
  const canBeAllowed = shell === userShell || isSystemProgram(shell);
  const parts = commands.map(({ words }) => ({
    words: words.map(({ text }) => text),
    hasPattern: words.some(({ isPattern }) => isPattern),
    canBeAllowed,
  }));
  return canBeAllowed ? parts : [whole, ...parts];
}

/** The words of a command that is nothing else, be it bare or the only one in a script of a shell that is known. */
export function plainWords(argv: readonly string[], userShell: string): readonly string[] | null {
  const [part, ...more] = commandParts(argv, userShell);
  if (part === undefined || more.length > 0) return null;
  return part.words === argv && scriptOf(argv) !== null ? null : part.words;
}
