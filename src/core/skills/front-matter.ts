/** What the head of a `SKILL.md` says. */
export interface SkillHead {
  readonly name: string;
  readonly description: string;
}

export type SkillHeadOutcome =
  { readonly ok: true; readonly head: SkillHead } | { readonly ok: false; readonly message: string };

const FENCE = /^---[ \t]*$/u;
const FIELD = /^(?<key>name|description):(?:[ \t]+(?<value>.*))?$/u;

/** Marks of values that take more than one line, or more than this reader to understand. */
const NOT_PLAIN = /^[|>&*!{[@`%]/u;

/**
 * Reads name and description out of the lines between the first two `---`. Each has to stand on one line of its own,
 * plain or in quotes; other keys are passed over.
 */
export function parseSkillHead(text: string): SkillHeadOutcome {
  const lines = text.replace(/^\uFEFF/u, '').split(/\r?\n/u);
  const end = lines.findIndex((line, index) => index > 0 && FENCE.test(line));
  if (!FENCE.test(lines[0] ?? '') || end === -1)
    return failure('there is no front matter between two lines of `---`');
  const fields = new Map<string, string | null>();
  for (const line of lines.slice(1, end)) {
    const groups = FIELD.exec(line)?.groups;
    if (groups?.['key'] !== undefined) fields.set(groups['key'], plainText(groups['value'] ?? ''));
  }
  const name = fields.get('name');
  const description = fields.get('description');
  if (!name) return failure(complaint('name', name));
  if (!description) return failure(complaint('description', description));
  return { ok: true, head: { name, description } };
}

/** Null for a value that is not a text on one line. */
function plainText(value: string): string | null {
  const text = value.trim();
  const quote = text.charAt(0);
  if (quote === '"') return doubleQuoted(text);
  if (quote === "'")
    return /^'(?:[^']|'')*'$/u.test(text) ? text.slice(1, -1).replaceAll("''", "'").trim() : null;
  return NOT_PLAIN.test(text) ? null : text.replace(/(?:^|[ \t]+)#.*$/u, '');
}

/** The escapes that YAML and JSON share are the only ones that are understood. */
function doubleQuoted(text: string): string | null {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'string' ? value.trim() : null;
  } catch {
    return null;
  }
}

function complaint(field: string, value: string | null | undefined): string {
  if (value === undefined) return `the front matter has no \`${field}\``;
  return value === null ? `\`${field}\` is not a text on one line` : `\`${field}\` is empty`;
}

function failure(message: string): SkillHeadOutcome {
  return { ok: false, message };
}
