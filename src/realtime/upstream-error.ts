import type { ErrorSeverity, EventDecoder, WireEvent } from './events.ts';
import { MISSING_FIELD, object, text } from './fields.ts';

/** Codes that say one client event was wrong, whatever the error's type; the API keeps the session open. */
const CLIENT_EVENT_CODES = new Set([
  'invalid_event',
  'invalid_value',
  'missing_required_parameter',
  'unknown_parameter',
  'input_audio_buffer_commit_empty',
  'response_cancel_not_active',
  'item_truncate_invalid_item_id',
  'item_not_found',
]);

export const upstreamError: EventDecoder = (event) => {
  const message = errorText(event);
  return message === null ? MISSING_FIELD : { type: 'error', message, severity: severityOf(event) };
};

function errorText(event: WireEvent): string | null {
  const error = event['error'];
  return (
    text(event['message']) ??
    text(object(error)?.['message']) ??
    (error === undefined ? null : JSON.stringify(error))
  );
}

function severityOf(event: WireEvent): ErrorSeverity {
  const error = object(event['error']);
  const code = text(error?.['code']);
  if (code === 'session_expired') return 'fatal';
  if (code === 'conversation_already_has_active_response') return 'responseActive';
  const isClientEvent = code !== null && CLIENT_EVENT_CODES.has(code);
  return error?.['type'] === 'invalid_request_error' || isClientEvent ? 'recoverable' : 'fatal';
}
