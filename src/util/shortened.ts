/**
 * A text that is no longer than so many UTF-16 units, besides the mark behind it where something was cut off. It is cut between
 * characters.
 */
export function shortened(text: string, length: number): string {
  if (text.length <= length) return text;
  const cut = text.slice(0, length);
  return `${/[\uD800-\uDBFF]$/.test(cut) ? cut.slice(0, -1) : cut}…`;
}
