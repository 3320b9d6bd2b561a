const NAME = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/u;

/** Printable characters of Latin-1 and the tab: what Node's HTTP client agrees to send. */
const VALUE = /^[\t\u0020-\u007e\u0080-\u00ff]*$/u;

/** Whether HTTP allows a text as the name of a header. */
export function isHeaderName(text: string): boolean {
  return NAME.test(text);
}

/** Whether HTTP allows a text as the value of a header. */
export function isHeaderValue(text: string): boolean {
  return VALUE.test(text);
}
