/** What the head of a `SKILL.md` says. */
export interface SkillHead {
  readonly name: string;
  readonly description: string;
}

export type SkillHeadOutcome =
  { readonly ok: true; readonly head: SkillHead } | { readonly ok: false; readonly message: string };

/** In characters. */
const LONGEST_NAME = 64;

const FENCE = /^---[ \t]*$/u;
const FIELD = /^(?<key>name|description):(?:[ \t]+(?<value>.*))?$/u;

/** Lines that belong to the field above them. */
const CONTINUED = /^(?:[ \t].*)?$/u;

/** The mark of a value whose lines follow, with how its line ends are meant, which does not matter here. */
const BLOCK = /^[|>][-+1-9]{0,2}(?:[ \t]+#.*)?$/u;

/** Marks of values that this reader does not understand. */
const NOT_PLAIN = /^[|>&*!{[@`%]/u;

/** Marks of a list or a table in lines that would otherwise be text. */
const NESTED = /^(?:-(?: |$)|[^ ]+:(?: |$))/u;

/**
 * Reads name and description out of the lines between the first two `---`. They are plain, in quotes or blocks, and may go on
 * in lines that are indented, which become one; other keys are passed over.
 */
export function parseSkillHead(text: string): SkillHeadOutcome {
  const lines = text.replace(/^\uFEFF/u, '').split(/\r?\n/u);
  const end = lines.findIndex((line, index) => index > 0 && FENCE.test(line));
  if (!FENCE.test(lines[0] ?? '') || end === -1)
    return failure('there is no front matter between two lines of `---`');
  const fields = fieldsIn(lines.slice(1, end));
  const name = fields.get('name');
  const description = fields.get('description');
  if (!name) return failure(complaint('name', name));
  if (name.length > LONGEST_NAME) return failure(`\`name\` is longer than ${LONGEST_NAME} characters`);
  if (!description) return failure(complaint('description', description));
  return { ok: true, head: { name, description } };
}

/** Null for a value that is no text. */
function fieldsIn(lines: readonly string[]): Map<string, string | null> {
  const fields = new Map<string, string | null>();
  for (const [index, line] of lines.entries()) {
    const groups = FIELD.exec(line)?.groups;
    if (groups?.['key'] === undefined) continue;
    let end = index + 1;
    while (CONTINUED.test(lines[end] ?? 'end')) end += 1;
    const text = textOf((groups['value'] ?? '').trim(), lines.slice(index + 1, end));
    fields.set(groups['key'], text?.replace(/\s+/gu, ' ').trim() ?? null);
  }
  return fields;
}

function textOf(value: string, indented: readonly string[]): string | null {
  const more = indented.map((line) => line.trim());
  if (BLOCK.test(value)) return more.join(' ');
  const whole = [value, ...more].join(' ').trim();
  if (whole.startsWith('"')) return doubleQuoted(whole);
  if (whole.startsWith("'")) return singleQuoted(whole);
  if (NOT_PLAIN.test(whole) || (value === '' && more.some((line) => NESTED.test(line)))) return null;
  return [value, ...more].map((line) => line.replace(/(?:^|[ \t])#.*$/u, '')).join(' ');
}

function singleQuoted(text: string): string | null {
  return /^'(?:[^']|'')*'$/u.test(text) ? text.slice(1, -1).replaceAll("''", "'") : null;
}

/** The escapes that YAML and JSON share are the only ones that are understood. */
function doubleQuoted(text: string): string | null {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'string' ? value : null;
  } catch {
    return null;
  }
}

function complaint(field: string, value: string | null | undefined): string {
  if (value === undefined) return `the front matter has no \`${field}\``;
  return value === null ? `\`${field}\` is not a text` : `\`${field}\` is empty`;
}

function failure(message: string): SkillHeadOutcome {
  return { ok: false, message };
}
