const NEEDS_NO_QUOTES = /^[A-Za-z0-9_@+:./-]+$/u;

/** What means something between double quotes. */
const SPECIAL_IN_DOUBLE_QUOTES = /["$`\\!]/u;

/** The words of a command as a POSIX shell would have to be given them. */
export function shellQuoted(argv: readonly string[]): string {
  return argv.map(quoted).join(' ');
}

function quoted(word: string): string {
  if (NEEDS_NO_QUOTES.test(word)) return word;
  if (!word.includes("'")) return `'${word}'`;
  if (!SPECIAL_IN_DOUBLE_QUOTES.test(word)) return `"${word}"`;
  return `'${word.replaceAll("'", String.raw`'\''`)}'`;
}
