const graphemes = new Intl.Segmenter(undefined, { granularity: 'grapheme' });

/** Two columns wide on a terminal: East Asian wide characters and pictures. */
const WIDE =
  /[\u1100-\u115f\u2329\u232a\u2e80-\u303e\u3041-\ua4cf\ua960-\ua97f\uac00-\ud7a3\uf900-\ufaff\ufe10-\ufe19\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6\u{17000}-\u{18cff}\u{1b000}-\u{1b2ff}\u{20000}-\u{3fffd}]|\p{Emoji_Presentation}|\ufe0f/u;

/** What a terminal would act on, or what would turn the order of the text around. */
const CONTROL = /[\p{Cc}\u200e\u200f\u202a-\u202e\u2066-\u2069\u2028\u2029]+/gu;

/** Replaces everything that would move the cursor or change the terminal's state by a space. */
export function withoutControls(text: string): string {
  return text.replace(CONTROL, ' ');
}

/** The columns that a text without control characters takes on a terminal. */
export function displayWidth(text: string): number {
  let width = 0;
  for (const { segment } of graphemes.segment(text)) width += graphemeWidth(segment);
  return width;
}

/** The longest beginning of a text that fits into so many columns. */
export function headWithin(text: string, columns: number): string {
  let width = 0;
  let head = '';
  for (const { segment } of graphemes.segment(text)) {
    width += graphemeWidth(segment);
    if (width > columns) break;
    head += segment;
  }
  return head;
}

/** The end of a text that fits into so many columns, behind an ellipsis if something was cut off. */
export function tailWithin(text: string, columns: number): string {
  const segments = [...graphemes.segment(text)].map(({ segment }) => segment);
  let width = segments.reduce((sum, segment) => sum + graphemeWidth(segment), 0);
  if (width <= columns) return text;
  let first = 0;
  while (first < segments.length && width > columns - 1) {
    width -= graphemeWidth(segments[first]!);
    first += 1;
  }
  return columns < 1 ? '' : `…${segments.slice(first).join('')}`;
}

/** The text without its last character, as a reader counts characters. */
export function withoutLastGrapheme(text: string): string {
  const segments = [...graphemes.segment(text)];
  return text.slice(0, segments.at(-1)?.index ?? 0);
}

function graphemeWidth(grapheme: string): number {
  if (WIDE.test(grapheme)) return 2;
  // A combining mark or a joiner on its own takes no column.
  return /^[\p{Mn}\p{Me}\p{Cf}]+$/u.test(grapheme) ? 0 : 1;
}
