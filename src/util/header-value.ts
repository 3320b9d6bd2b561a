/** Whether a text may stand in an HTTP header: Latin-1 without control characters, except the tab. */
export function isHeaderValue(text: string): boolean {
  return !/[^\t\u0020-\u007e\u0080-\u00ff]/u.test(text);
}
