const ESCAPES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;' };
const CHARACTERS: Readonly<Record<string, string>> = { '&amp;': '&', '&lt;': '<', '&gt;': '>' };

/** The text with `&`, `<` and `>` escaped, so that it cannot end the element that it is put in. */
export function escapeMarkup(text: string): string {
  return text.replace(/[&<>]/g, (character) => ESCAPES[character] ?? character);
}

/** The text that `escapeMarkup` was given. */
export function unescapeMarkup(text: string): string {
  return text.replace(/&(?:amp|lt|gt);/g, (escape) => CHARACTERS[escape] ?? escape);
}
