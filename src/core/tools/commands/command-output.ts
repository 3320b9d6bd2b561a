import * as z from 'zod/mini';
import { truncatedForModel, truncatedWithLineCount } from '../../../exec/index.ts';
import type { CommandResult } from '../../../exec/index.ts';

/** How much of an output the model is given. */
export const OUTPUT_LIMIT = { bytes: 10_000 };

/** How something ended that is answered like a command. */
export interface Ended {
  readonly exitCode: number;
  readonly durationMs: number;
}

/** How the model is told what a command printed, or a patch that was in one did. */
export interface OutputForm {
  /** `waitedMs` is how long the whole call took. */
  readonly ofCommand: (result: CommandResult, waitedMs: number) => string;
  readonly ofPatch: (ended: Ended, text: string) => string;
}

/** JSON, with the exit code beside the output. */
export const AS_JSON: OutputForm = {
  ofCommand: (result, waitedMs) =>
    json(result, truncatedWithLineCount(printedBy(result, waitedMs), OUTPUT_LIMIT, linesOf(result))),
  ofPatch: json,
};

/** Lines, the exit code first. */
export const AS_LINES: OutputForm = {
  ofCommand: (result, waitedMs) => {
    const printed = printedBy(result, waitedMs);
    const shown = truncatedForModel(printed, OUTPUT_LIMIT);
    return lines(result, shown, shown === printed ? null : linesOf(result));
  },
  ofPatch: (ended, text) => lines(ended, text, null),
};

const JsonOutput = z.object({
  output: z.string(),
  metadata: z.object({ exit_code: z.int(), duration_seconds: z.number() }),
});

/** Stands before an output that was cut, and only there: a command may print the same words. */
const CUT_OUTPUT = /^Total output lines: (\d+)\n\n([^]*…\d+ (?:tokens|chars) truncated…[^]*)$/;

/** The lines for an output that is kept as JSON. Null for what is no such JSON, such as the text of a refusal. */
export function linesOfJson(output: unknown): string | null {
  const parsed = JsonOutput.safeParse(typeof output === 'string' ? parseJson(output) : null);
  if (!parsed.success) return null;
  const { duration_seconds, exit_code } = parsed.data.metadata;
  const ended = { exitCode: exit_code, durationMs: duration_seconds * 1000 };
  const [, count = null, cut] = CUT_OUTPUT.exec(parsed.data.output) ?? [];
  return lines(ended, cut ?? parsed.data.output, count);
}

function parseJson(text: string): unknown {
  if (!text.startsWith('{')) return null;
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return null;
  }
}

function json({ durationMs, exitCode }: Ended, output: string): string {
  return JSON.stringify({
    output,
    metadata: { exit_code: exitCode, duration_seconds: tenthsOfSeconds(durationMs) },
  });
}

/** `count` is the number of lines of an output that was cut; null of one that is whole. */
function lines({ durationMs, exitCode }: Ended, output: string, count: number | string | null): string {
  return [
    `Exit code: ${exitCode}`,
    `Wall time: ${tenthsOfSeconds(durationMs)} seconds`,
    ...(count === null ? [] : [`Total output lines: ${count}`]),
    'Output:',
    output,
  ].join('\n');
}

function tenthsOfSeconds(milliseconds: number): number {
  return Math.round(milliseconds / 100) / 10;
}

/** What a command printed, behind a line that says so where its time was over. */
function printedBy({ aggregated, timedOut }: CommandResult, waitedMs: number): string {
  return timedOut
    ? `command timed out after ${Math.round(waitedMs)} milliseconds\n${aggregated}`
    : aggregated;
}

/** The lines of that, those that were left out among them. */
function linesOf({ lines: printed, timedOut }: CommandResult): number {
  return timedOut ? printed + 1 : printed;
}
