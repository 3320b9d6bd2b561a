import * as z from 'zod/mini';
import { streamError } from './error/responses-error.ts';
import { postForObject } from './http/unary.ts';
import { memoryHeaders } from './request/headers.ts';
import type { Upstream } from './upstream.ts';

const PATH = 'memories/trace_summarize';

/** What happened in a thread, to be summarised. */
export interface MemoryTrace {
  readonly id: string;
  readonly sourcePath: string;
  /** The items as they were recorded. */
  readonly items: readonly unknown[];
}

export interface MemorySummary {
  readonly traceSummary: string;
  readonly memorySummary: string;
}

export interface MemoryRequest {
  readonly model: string;
  readonly traces: readonly MemoryTrace[];
  /** Null leaves it to the model. */
  readonly effort: string | null;
}

const Summary = z.object({
  trace_summary: z.optional(z.string()),
  raw_memory: z.optional(z.string()),
  memory_summary: z.string(),
});

/** Has the provider summarise what happened, one summary for each trace. No traces are no request. */
export async function summarizeMemories(
  upstream: Upstream,
  { effort, model, traces }: MemoryRequest,
  signal: AbortSignal,
): Promise<MemorySummary[]> {
  if (traces.length === 0) return [];
  const answer = await postForObject(upstream, {
    path: PATH,
    headers: memoryHeaders(upstream.options.identity),
    body: {
      model,
      traces: traces.map(({ id, items, sourcePath }) => ({
        id,
        metadata: { source_path: sourcePath },
        items,
      })),
      reasoning: effort === null ? undefined : { effort },
    },
    signal,
  });
  const output = z.array(Summary).safeParse(answer['output']);
  if (!output.success) throw streamError(`the answer to ${PATH} has no summaries`);
  return output.data.map(({ memory_summary, raw_memory, trace_summary }) => {
    const traceSummary = trace_summary ?? raw_memory;
    if (traceSummary === undefined) throw streamError(`the answer to ${PATH} lacks a summary`);
    return { traceSummary, memorySummary: memory_summary };
  });
}
