import type { ResponseEvent, ResponseUsage } from '../../../src/responses/index.ts';

// Events as the API sends them, and what they mean.

export const CREATED = { type: 'response.created', response: { id: 'resp_1' } };

export function assistantItem(
  text: string,
  id = 'msg_1',
): { [key: string]: unknown; type: 'message'; id: string } {
  return { type: 'message', id, role: 'assistant', content: [{ type: 'output_text', text }] };
}

export function itemDone(item: object): { type: string; item: object } {
  return { type: 'response.output_item.done', item };
}

export function completed(id = 'resp_1', extra: object = {}): { type: string; response: object } {
  return { type: 'response.completed', response: { id, ...extra } };
}

export const completedEvent = (responseId = 'resp_1', usage: ResponseUsage | null = null): ResponseEvent => ({
  type: 'completed',
  responseId,
  usage,
  endTurn: null,
});

/** The snapshot that every answer by HTTP has, when its headers tell nothing. */
export const NO_RATE_LIMITS: ResponseEvent = {
  type: 'rateLimits',
  rateLimits: {
    limitId: 'codex',
    limitName: null,
    primary: null,
    secondary: null,
    credits: null,
    planType: null,
    rateLimitReachedType: null,
  },
};
