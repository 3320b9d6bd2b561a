import { streamError } from './error/responses-error.ts';
import { postForObject } from './http/unary.ts';
import type { ResponseItem } from './item/item.ts';
import { parseItem } from './item/parse.ts';
import { serializeItems } from './item/serialize.ts';
import { reasoningBody, textBody } from './request/body.ts';
import { compactHeaders } from './request/headers.ts';
import type { RequestContext, ResponsesRequest } from './request/request.ts';
import type { Upstream } from './upstream.ts';

const PATH = 'responses/compact';

export interface CompactCall {
  /** The request that the history would be sent with; its service tier plays no part. */
  readonly request: ResponsesRequest;
  readonly context: RequestContext;
  readonly signal: AbortSignal;
}

/** Has the provider compact a history, and gives the items that stand for it. An empty history is not sent. */
export async function compactHistory(
  upstream: Upstream,
  { context, request, signal }: CompactCall,
): Promise<ResponseItem[]> {
  const { input, instructions, model, parallelToolCalls, reasoning, text, tools } = request;
  if (input.length === 0) return [];
  const answer = await postForObject(upstream, {
    path: PATH,
    headers: compactHeaders(upstream.options.identity, context),
    body: {
      model,
      input: serializeItems(input),
      instructions: instructions === '' ? undefined : instructions,
      tools,
      parallel_tool_calls: parallelToolCalls,
      reasoning: reasoning === null ? undefined : reasoningBody(reasoning),
      text: text === null ? undefined : textBody(text),
    },
    signal,
  });
  const output = answer['output'];
  if (!Array.isArray(output)) throw streamError(`the answer to ${PATH} has no output`);
  return output.map((value: unknown) => {
    const item = parseItem(value);
    if (item === null) throw streamError(`the answer to ${PATH} holds an item that cannot be read`);
    return item;
  });
}
