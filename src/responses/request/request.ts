import type { ResponseItem } from '../item/item.ts';

/** A tool as the API describes it; which members it has depends on its type. */
export type ToolDefinition = Readonly<Record<string, unknown>> & { readonly type: string };

export interface ReasoningSettings {
  /** For example `medium`; null leaves it to the model. */
  readonly effort: string | null;
  /** Null asks for no summary. */
  readonly summary: 'auto' | 'concise' | 'detailed' | null;
}

export interface TextSettings {
  readonly verbosity: 'low' | 'medium' | 'high' | null;
  /** The JSON schema that the answer has to fit, or null for text. */
  readonly outputSchema: { readonly schema: unknown; readonly isStrict: boolean } | null;
}

/** What a model is asked, whatever the transport. The session adds what is the same for the whole thread. */
export interface ResponsesRequest {
  readonly model: string;
  /** Empty is left out. */
  readonly instructions: string;
  readonly input: readonly ResponseItem[];
  readonly tools: readonly ToolDefinition[];
  readonly parallelToolCalls: boolean;
  /** Null for a model without reasoning summaries. */
  readonly reasoning: ReasoningSettings | null;
  /** `fast` is sent as `priority`. */
  readonly serviceTier: string | null;
  readonly text: TextSettings | null;
}

/** What a session is for. It is the same on every request. */
export interface SessionIdentity {
  readonly threadId: string;
  /** A UUID that stays the same for this installation. */
  readonly installationId: string;
  /** The kind of a sub-agent, such as `review`; absent or null for a thread of the user's. */
  readonly subagent?: string | null;
  /** The thread that spawned this one. */
  readonly parentThreadId?: string | null;
  /** True for the internal session that consolidates memories. */
  readonly isMemoryGeneration?: boolean;
  /** The keys of the experimental features that are on. */
  readonly betaFeatures?: readonly string[];
  /** Asks for timing frames on a WebSocket. */
  readonly includesTimingMetrics?: boolean;
}

/** The W3C trace that a request belongs to. */
export interface TraceContext {
  readonly traceparent: string;
  readonly tracestate: string | null;
}

/** What changes from one request of a thread to the next, besides what the model is asked. */
export interface RequestContext {
  /** How often the history has been compacted. */
  readonly windowGeneration: number;
  /** The text of the turn's metadata; null, or what no header can carry, is not sent. */
  readonly turnMetadata: string | null;
  readonly trace?: TraceContext | null;
}

export function windowId({ threadId }: SessionIdentity, { windowGeneration }: RequestContext): string {
  return `${threadId}:${windowGeneration}`;
}
