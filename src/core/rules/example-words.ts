/** A part of a word: what stands in quotes, an escaped character, or a run of others. */
const PART = /'([^']*)'|"((?:[^"\\]|\\[\s\S])*)"|\\([\s\S])|([^\s'"\\]+)/uy;

/**
 * The words of an example, as a shell would tell them apart by blanks, quotes and backslashes; everything else means
 * nothing. Null where a quote is not closed.
 */
export function exampleWords(text: string): string[] | null {
  const words: string[] = [];
  let word: string | null = null;
  let position = 0;
  while (position < text.length) {
    if (/\s/u.test(text.charAt(position))) {
      if (word !== null) words.push(word);
      word = null;
      position += 1;
      continue;
    }
    PART.lastIndex = position;
    const [whole, single, double, escaped, plain] = PART.exec(text) ?? [];
    if (whole === undefined) return null;
    word = (word ?? '') + (single ?? double?.replace(/\\(["\\$`\n])/gu, '$1') ?? escaped ?? plain ?? '');
    position += whole.length;
  }
  return word === null ? words : [...words, word];
}
