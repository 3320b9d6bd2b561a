/** Cuts a text into the pieces in which it is streamed: words with the space before them. Joined, they are the text. */
export function splitWords(text: string): string[] {
  return text === '' ? [] : text.split(/(?<=\S)(?=\s)/);
}

/** A text in quotation marks, in one line, cut after so many words; what is left out is counted. */
export function quoted(text: string, mostWords: number): string {
  return `"${shortened(text, mostWords)}"`;
}

/** Long words are cut as well, so that a shortened text is short. */
const LONGEST_WORD = 80;

/** A text in one line, cut after so many words; what is left out is counted. */
export function shortened(text: string, mostWords: number): string {
  const words = text.split(/\s+/).filter((word) => word !== '');
  const kept = words.slice(0, mostWords).map((word) => word.slice(0, LONGEST_WORD));
  const missing = words.length - kept.length;
  if (missing > 0) kept.push(`… (${missing} more ${missing === 1 ? 'word' : 'words'})`);
  return kept.join(' ');
}
