import * as z from 'zod/mini';
import type { ResponseEvent, ResponseUsage } from './event.ts';

const count = z.int();

const Usage = z.object({
  input_tokens: count,
  input_tokens_details: z.nullish(z.object({ cached_tokens: count })),
  output_tokens: count,
  output_tokens_details: z.nullish(z.object({ reasoning_tokens: count })),
  total_tokens: count,
});

const CompletedResponse = z.object({
  id: z.string(),
  usage: z.nullish(Usage),
  end_turn: z.nullish(z.boolean()),
});

export type CompletedOutcome =
  | { readonly ok: true; readonly event: Extract<ResponseEvent, { type: 'completed' }> }
  | { readonly ok: false; readonly problem: string };

/** Reads the response of a `response.completed` event. */
export function readCompleted(response: unknown): CompletedOutcome {
  const parsed = CompletedResponse.safeParse(response);
  if (!parsed.success) return { ok: false, problem: z.prettifyError(parsed.error) };
  const { end_turn, id, usage } = parsed.data;
  const event = {
    type: 'completed',
    responseId: id,
    usage: usage ? readUsage(usage) : null,
    endTurn: end_turn ?? null,
  } as const;
  return { ok: true, event };
}

function readUsage(usage: z.infer<typeof Usage>): ResponseUsage {
  return {
    inputTokens: usage.input_tokens,
    cachedInputTokens: usage.input_tokens_details?.cached_tokens ?? 0,
    outputTokens: usage.output_tokens,
    reasoningOutputTokens: usage.output_tokens_details?.reasoning_tokens ?? 0,
    totalTokens: usage.total_tokens,
  };
}
