import type { RateLimitSnapshot } from '../../protocol/index.ts';
import type { ResponsesError } from '../error/responses-error.ts';
import type { ResponseItem } from '../item/item.ts';
import type { JsonObject } from '../json.ts';

/** Tokens that one response used. */
export interface ResponseUsage {
  readonly inputTokens: number;
  readonly cachedInputTokens: number;
  readonly outputTokens: number;
  readonly reasoningOutputTokens: number;
  readonly totalTokens: number;
}

export type ModelVerification = 'trusted_access_for_cyber';

/** What a response tells while it comes in. `completed` is the last event of every response that succeeds. */
export type ResponseEvent =
  | { readonly type: 'created'; readonly responseId: string | null }
  | { readonly type: 'itemAdded'; readonly item: ResponseItem }
  | { readonly type: 'itemDone'; readonly item: ResponseItem }
  | { readonly type: 'textDelta'; readonly itemId: string | null; readonly delta: string }
  | {
      readonly type: 'toolInputDelta';
      readonly itemId: string;
      readonly callId: string | null;
      readonly delta: string;
    }
  | {
      readonly type: 'reasoningSummaryDelta';
      readonly itemId: string | null;
      readonly summaryIndex: number;
      readonly delta: string;
    }
  | {
      readonly type: 'reasoningTextDelta';
      readonly itemId: string | null;
      readonly contentIndex: number;
      readonly delta: string;
    }
  | {
      readonly type: 'reasoningSummaryPartAdded';
      readonly itemId: string | null;
      readonly summaryIndex: number;
    }
  | {
      readonly type: 'completed';
      readonly responseId: string;
      readonly usage: ResponseUsage | null;
      /** False when the model wants to go on; null when the API does not say. */
      readonly endTurn: boolean | null;
    }
  /** The model that really answers, as the server names it. */
  | { readonly type: 'serverModel'; readonly model: string }
  | { readonly type: 'modelVerification'; readonly verifications: readonly ModelVerification[] }
  | { readonly type: 'rateLimits'; readonly rateLimits: RateLimitSnapshot }
  /** The version of the provider's list of models. */
  | { readonly type: 'modelsEtag'; readonly etag: string }
  /** The server counts reasoning of earlier turns in the usage that it tells. */
  | { readonly type: 'reasoningIncluded' }
  /** An event of a type that is not known here, or that tells nothing to act on. */
  | { readonly type: 'other'; readonly eventType: string; readonly event: JsonObject };

/** What one message of a stream means for the stream. */
export type StreamSignal =
  | ResponseEvent
  /** The response failed, and nothing more is to be expected of it. */
  | { readonly type: 'failed'; readonly error: ResponsesError }
  /** The server told an error without ending the response; what it said explains an end that may follow. */
  | { readonly type: 'errorTold'; readonly error: ResponsesError };
