import { decodeBase64 } from '../base64.ts';

/** The text between a BEGIN and an END line. */
export interface PemSection {
  readonly label: string;
  /** The number of its BEGIN line, counted from 1. */
  readonly line: number;
  readonly body: string;
}

export type PemOutcome =
  { readonly ok: true; readonly sections: PemSection[] } | { readonly ok: false; readonly message: string };

const BEGIN = '-----BEGIN ';
const END = '-----END ';

/**
 * Cuts a PEM file into its sections. Text outside sections is skipped; a section that is not closed by its own END line
 * is an error. The bodies are not decoded.
 */
export function readPemSections(text: string): PemOutcome {
  const sections: PemSection[] = [];
  let open: { label: string; line: number; body: string[] } | null = null;
  for (const [index, raw] of text.split(/\r\n|\r|\n/).entries()) {
    const line = raw.trimEnd();
    if (line.startsWith(BEGIN)) {
      if (open !== null) return { ok: false, message: withoutEnd(open) };
      const label = labelOf(line, BEGIN);
      if (label === null) return { ok: false, message: `line ${index + 1} is a broken BEGIN line` };
      open = { label, line: index + 1, body: [] };
    } else if (open !== null && line.startsWith(END)) {
      if (labelOf(line, END) !== open.label) return { ok: false, message: withoutEnd(open) };
      sections.push({ label: open.label, line: open.line, body: open.body.join('') });
      open = null;
    } else {
      open?.body.push(line.trimStart());
    }
  }
  if (open !== null) return { ok: false, message: withoutEnd(open) };
  return { ok: true, sections };
}

/** The bytes of a section, or null if its body is not base64. */
export function decodePemBody(section: PemSection): Uint8Array | null {
  return decodeBase64(section.body);
}

function labelOf(line: string, start: string): string | null {
  const rest = line.slice(start.length);
  return rest.length > 5 && rest.endsWith('-----') ? rest.slice(0, -5) : null;
}

function withoutEnd({ label, line }: { label: string; line: number }): string {
  return `the ${label} section that begins on line ${line} has no END line`;
}
