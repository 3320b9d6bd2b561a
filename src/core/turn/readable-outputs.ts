import * as z from 'zod/mini';
import type { ResponseItem } from '../../responses/index.ts';

/** Functions whose outputs are kept as JSON. */
const JSON_TOOLS: ReadonlySet<string> = new Set(['shell', 'container.exec', 'apply_patch']);

const JsonOutput = z.object({
  output: z.string(),
  metadata: z.object({ exit_code: z.int(), duration_seconds: z.number() }),
});

/** Stands before an output that was cut, and only there: a command may print the same words. */
const CUT_OUTPUT = /^Total output lines: (\d+)\n\n([^]*…\d+ (?:tokens|chars) truncated…[^]*)$/;

/**
 * The items as models read them that are offered the patch tool for free text: outputs that are kept as JSON become lines. The
 * same items always become the same lines.
 */
export function withReadableOutputs(items: readonly ResponseItem[]): ResponseItem[] {
  const calls = new Set<string>();
  return items.map((item) => {
    const call = jsonCallOf(item);
    if (call !== null) calls.add(call);
    if (item.type !== 'function_call_output' && item.type !== 'custom_tool_call_output') return item;
    const text = calls.delete(item.call_id) ? readable(item.output) : null;
    return text === null ? item : { ...item, output: text };
  });
}

function jsonCallOf(item: ResponseItem): string | null {
  switch (item.type) {
    case 'function_call':
      return JSON_TOOLS.has(item.name) ? item.call_id : null;
    case 'custom_tool_call':
      return item.name === 'apply_patch' ? item.call_id : null;
    case 'local_shell_call':
      return item.call_id ?? item.id ?? null;
    default:
      return null;
  }
}

/** Null for what is no such JSON, such as the text of a refusal. */
function readable(output: unknown): string | null {
  const parsed = JsonOutput.safeParse(typeof output === 'string' ? parseJson(output) : null);
  if (!parsed.success) return null;
  const { exit_code, duration_seconds } = parsed.data.metadata;
  const [, lines, cut] = CUT_OUTPUT.exec(parsed.data.output) ?? [];
  return [
    `Exit code: ${exit_code}`,
    `Wall time: ${Math.round(duration_seconds * 10) / 10} seconds`,
    ...(lines === undefined ? [] : [`Total output lines: ${lines}`]),
    'Output:',
    cut ?? parsed.data.output,
  ].join('\n');
}

function parseJson(text: string): unknown {
  if (!text.startsWith('{')) return null;
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return null;
  }
}
