import type { ThreadItem } from '../../protocol/index.ts';
import type { McpCallResult } from '../../mcp/index.ts';
import { truncated } from '../../util/text-budget.ts';

type Shown = NonNullable<Extract<ThreadItem, { type: 'mcpToolCall' }>['result']>;
type Block = McpCallResult['content'][number];

/** How large a result is that clients are shown, and the thread's file keeps, in bytes of JSON. */
const MAX_BYTES = 1024 * 1024;

/** How much of the first text that is too long is shown. Its JSON is six times as long at most. */
const TEXT_TOKENS = 10_000;

/** How much the parts before that text may take, so that there is room for it. */
const WHOLE_BYTES = MAX_BYTES - 256 * 1024;

const CUT = `(The rest is left out here: the result has more than ${MAX_BYTES} bytes.)`;

/** A result as clients are shown it. Of one that is too large there are the first parts, with a text that says so behind them. */
export function shownResult({ _meta, content, structuredContent }: McpCallResult): Shown {
  const whole = { content, structuredContent: structuredContent ?? null, _meta: _meta ?? null };
  if (bytesOf(whole) <= MAX_BYTES) return whole;
  const first = firstBlocks(content);
  return { content: [...first, { type: 'text', text: CUT }], structuredContent: null, _meta: null };
}

function firstBlocks(content: readonly Block[]): Block[] {
  const kept: Block[] = [];
  let left = WHOLE_BYTES;
  for (const block of content) {
    left -= bytesOf(block) + 1;
    if (left < 0) return block.type === 'text' ? [...kept, shortBlock(block.text)] : kept;
    kept.push(block);
  }
  return kept;
}

function shortBlock(text: string): Block {
  return { type: 'text', text: truncated(text, TEXT_TOKENS) };
}

function bytesOf(value: unknown): number {
  return Buffer.byteLength(JSON.stringify(value));
}
