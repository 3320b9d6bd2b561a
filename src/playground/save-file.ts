/** Gives a person a JSON file to save. */
export function saveJson(name: string, value: unknown): void {
  const url = URL.createObjectURL(new Blob([JSON.stringify(value, null, 2)], { type: 'application/json' }));
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  // The download has taken what it needs by the next task, in every browser.
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}
