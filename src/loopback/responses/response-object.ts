import type { Response, ResponseOutputItem, ResponseUsage } from 'openai/resources/responses/responses';
import type { ResponsesRequest } from './request.ts';

/** A response as it goes over the wire; the published type adds a convenience of the client library. */
export type WireResponse = Omit<Response, 'output_text'>;

export interface ResponseState {
  readonly status: 'in_progress' | 'completed' | 'failed';
  readonly output: ResponseOutputItem[];
  readonly error?: Response['error'];
  readonly usage?: ResponseUsage;
}

/** What stays the same from the first to the last event of a response. */
export interface ResponseIdentity {
  readonly id: string;
  /** In seconds since the Unix epoch. */
  readonly createdAt: number;
  readonly request: ResponsesRequest;
}

export function responseObject(
  { id, createdAt, request }: ResponseIdentity,
  state: ResponseState,
): WireResponse {
  const { status, output, error = null, usage } = state;
  return {
    id,
    object: 'response',
    created_at: createdAt,
    status,
    background: false,
    error,
    incomplete_details: null,
    instructions: request.instructions,
    metadata: { ...request.metadata },
    model: request.model,
    output,
    parallel_tool_calls: request.parallelToolCalls,
    previous_response_id: request.previousResponseId,
    temperature: 1,
    // What the client sent is said back unread.
    tool_choice: request.toolChoice as Response['tool_choice'],
    tools: request.tools as unknown as Response['tools'],
    top_p: 1,
    ...(usage === undefined ? {} : { usage }),
  };
}

/** The loopback has no tokens; it counts four bytes as one, as a rule of thumb has it. */
export function usageOf(inputBytes: number, outputBytes: number): ResponseUsage {
  const inputTokens = Math.ceil(inputBytes / 4);
  const outputTokens = Math.ceil(outputBytes / 4);
  return {
    input_tokens: inputTokens,
    input_tokens_details: { cached_tokens: 0, cache_write_tokens: 0 },
    output_tokens: outputTokens,
    output_tokens_details: { reasoning_tokens: 0 },
    total_tokens: inputTokens + outputTokens,
  };
}
