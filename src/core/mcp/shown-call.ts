import type { ThreadItem } from '../../protocol/index.ts';
import type { McpCallResult } from '../../mcp/index.ts';
import { errorMessage } from '../../util/errors.ts';
import type { ToolContext } from '../tools/tool.ts';
import { shownResult } from './shown-result.ts';

type McpItem = Extract<ThreadItem, { type: 'mcpToolCall' }>;

/** A call as clients are shown it. */
export interface ShownCall {
  readonly id: string;
  readonly server: string;
  readonly tool: string;
  readonly args: Readonly<Record<string, unknown>>;
}

/** How a call has ended: with a result, or with a sentence that says why there is none. */
export type CallEnd = { readonly durationMs: number } & (
  { readonly result: McpCallResult } | { readonly result: null; readonly message: string }
);

/** Makes a call and shows it as an item. Rejects only when the turn is interrupted. */
export async function showCall(
  call: ShownCall,
  { reporter, signal }: Pick<ToolContext, 'reporter' | 'signal'>,
  work: () => Promise<McpCallResult>,
): Promise<CallEnd> {
  const item = itemOf(call);
  reporter.itemStarted(item);
  const startedAt = performance.now();
  const ended = (): number => Math.max(performance.now() - startedAt, 0);
  try {
    const result = await work();
    const durationMs = ended();
    reporter.itemCompleted({
      ...item,
      status: result.isError === true ? 'failed' : 'completed',
      result: shownResult(result),
      durationMs: Math.round(durationMs),
    });
    return { durationMs, result };
  } catch (error) {
    const durationMs = ended();
    const message = signal.aborted ? 'the turn was interrupted' : errorMessage(error);
    const failed = { status: 'failed' as const, error: { message }, durationMs: Math.round(durationMs) };
    reporter.itemCompleted({ ...item, ...failed });
    if (signal.aborted) throw error;
    return { durationMs, result: null, message };
  }
}

function itemOf({ args, id, server, tool }: ShownCall): McpItem {
  return {
    type: 'mcpToolCall',
    id,
    server,
    tool,
    status: 'inProgress',
    arguments: args,
    result: null,
    error: null,
    durationMs: null,
  };
}
