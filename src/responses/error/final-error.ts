import { ResponsesError } from './responses-error.ts';
import type { ResponsesErrorDetails } from './responses-error.ts';

// Errors that both a status and an event can tell, in the words of this project.

const CYBER_POLICY_FALLBACK =
  'The model provider refused this request because it may involve a cybersecurity risk.';

const OVERLOADED_CODES = new Set(['server_is_overloaded', 'slow_down']);

export function isOverloadedCode(code: string | null): boolean {
  return code !== null && OVERLOADED_CODES.has(code);
}

export function overloadedError(details?: ResponsesErrorDetails): ResponsesError {
  const message = 'The selected model is at capacity. Choose another model, or try again later.';
  return new ResponsesError('serverOverloaded', message, details);
}

export function cyberPolicyError(message: string | null, details?: ResponsesErrorDetails): ResponsesError {
  const told = message !== null && message.trim() !== '' ? message : CYBER_POLICY_FALLBACK;
  return new ResponsesError('cyberPolicy', told, details);
}

export function contextWindowError(): ResponsesError {
  const message =
    'The conversation ran out of room in the model’s context window. Start a new thread, or clear some of the history.';
  return new ResponsesError('contextWindowExceeded', message);
}

export function quotaError(): ResponsesError {
  return new ResponsesError('quotaExceeded', 'Quota exceeded. Check your plan and your billing details.');
}

export function usageNotIncludedError(details?: ResponsesErrorDetails): ResponsesError {
  const message = 'Your plan does not include this use. Upgrade the plan, or log in with an API key.';
  return new ResponsesError('usageNotIncluded', message, details);
}
