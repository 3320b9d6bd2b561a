/** One line of the log: a static message, and data in fields. */
export type Log = (fields: Readonly<Record<string, unknown>>, message: string) => void;

/** Where a part of the program reports what has no other place. Never given secrets, audio or transcripts. */
export interface Logger {
  readonly debug: Log;
  readonly info: Log;
  readonly warn: Log;
  readonly error: Log;
}
