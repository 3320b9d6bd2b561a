/** Why a text is not a list of rules. It never leaves this folder as something thrown. */
export class RulesFault extends Error {
  override readonly name = 'RulesFault';
  /** Where in the text, in UTF-16 units. */
  readonly position: number;

  constructor(message: string, position: number) {
    super(message);
    this.position = position;
  }
}

/** A place in a text, both counted from 1; columns in UTF-16 units. */
export interface Place {
  readonly line: number;
  readonly column: number;
}

export function placeOf(text: string, position: number): Place {
  const before = text.slice(0, position);
  const lastBreak = before.lastIndexOf('\n');
  return { line: before.split('\n').length, column: position - lastBreak };
}
