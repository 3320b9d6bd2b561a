import * as z from 'zod';
import { isNestedDeeper } from '../../util/nesting.ts';
import { invalidRequest } from '../api-error.ts';
import type { ApiProblem } from '../api-error.ts';
import { DEEPEST_NESTING } from '../event-object.ts';
import { problemOf } from '../zod-problem.ts';

/** An item of the input. Only its kind is checked here; what is in it is read where it is needed. */
const inputItem = z.looseObject({ type: z.string().optional(), role: z.string().optional() });

/** The parts of a request that make a difference to the answer, or are said back with it. */
const requestSchema = z.looseObject({
  model: z.string().min(1),
  input: z.union([z.string(), z.array(inputItem)], 'it is neither a string nor an array of items'),
  stream: z.boolean().nullish(),
  /** False, on a socket: nothing is to be said, the request is only to be remembered. */
  generate: z.boolean().optional(),
  store: z.boolean().nullish(),
  previous_response_id: z.string().nullish(),
  instructions: z.string().nullish(),
  tools: z.array(z.looseObject({ type: z.string() })).nullish(),
  tool_choice: z.unknown().optional(),
  parallel_tool_calls: z.boolean().nullish(),
  metadata: z.record(z.string(), z.string()).nullish(),
});

export type InputItem = Readonly<Record<string, unknown>>;

export interface ResponsesRequest {
  readonly model: string;
  /** The items of this request alone, without those of the response it continues. */
  readonly input: readonly InputItem[];
  readonly isStreamed: boolean;
  readonly isGenerated: boolean;
  readonly isStored: boolean;
  readonly previousResponseId: string | null;
  readonly instructions: string | null;
  readonly tools: readonly InputItem[];
  readonly toolChoice: unknown;
  readonly parallelToolCalls: boolean;
  readonly metadata: Readonly<Record<string, string>> | null;
  /** How long the request was, in bytes: the measure of what it costs to remember it. */
  readonly bytes: number;
}

export type RequestOutcome =
  | { readonly ok: true; readonly request: ResponsesRequest }
  | { readonly ok: false; readonly problem: ApiProblem };

/** Reads the body of a request. */
export function readRequestBody(body: string): RequestOutcome {
  let value: unknown;
  try {
    value = JSON.parse(body) as unknown;
  } catch {
    return refused(invalidRequest(null, 'The body of the request is not JSON.'));
  }
  if (isNestedDeeper(value, DEEPEST_NESTING))
    return refused(invalidRequest(null, 'The request is nested too deeply.'));
  return readRequest(value, body.length);
}

/** Reads a request out of JSON that was `bytes` long. */
export function readRequest(value: unknown, bytes: number): RequestOutcome {
  const result = requestSchema.safeParse(value);
  if (!result.success) return refused(problemOf(result.error, value));
  const { data } = result;
  const text = { type: 'message', role: 'user', content: data.input };
  const request: ResponsesRequest = {
    model: data.model,
    input: typeof data.input === 'string' ? [text] : data.input,
    isStreamed: data.stream ?? false,
    isGenerated: data.generate ?? true,
    isStored: data.store ?? true,
    previousResponseId: data.previous_response_id ?? null,
    instructions: data.instructions ?? null,
    tools: data.tools ?? [],
    toolChoice: data.tool_choice ?? 'auto',
    parallelToolCalls: data.parallel_tool_calls ?? true,
    metadata: data.metadata ?? null,
    bytes,
  };
  return { ok: true, request };
}

function refused(problem: ApiProblem): RequestOutcome {
  return { ok: false, problem };
}
