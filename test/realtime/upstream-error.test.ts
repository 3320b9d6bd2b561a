import { describe, expect, test } from 'vitest';
import { decodeFrame, V1, V2 } from '../../src/realtime/index.ts';

describe.each([V1, V2])('$name', ({ decoders }) => {
  function decode(fields: object): unknown {
    return decodeFrame(JSON.stringify({ type: 'error', ...fields }), decoders);
  }

  test.each<[name: string, fields: object, message: string]>([
    ['the top', { message: 'upstream boom', error: { message: 'inner' } }, 'upstream boom'],
    ['the top, though it is empty', { message: '', error: { message: 'inner' } }, ''],
    ['the error', { error: { message: 'inner' } }, 'inner'],
    ['the error, though it is empty', { error: { message: '' } }, ''],
    ['the error, where the top is no text', { message: 7, error: { message: 'inner' } }, 'inner'],
    ['an error without a message', { error: { code: 'x', n: [1, null] } }, '{"code":"x","n":[1,null]}'],
    ['an error whose message is no text', { error: { message: 7 } }, '{"message":7}'],
    ['an error that is text', { error: 'boom' }, '"boom"'],
    ['an error that is null', { error: null }, 'null'],
    ['an error that is a list', { error: ['boom'] }, '["boom"]'],
  ])('the message comes from %s', (_name, fields, message) => {
    expect(decode(fields)).toEqual({ type: 'error', message, severity: 'fatal' });
  });

  test.each([{}, { message: 7 }, { message: null, code: 'x' }])('%j says nothing', (fields) => {
    expect(decode(fields)).toEqual({ type: 'ignored', reason: 'missingField' });
  });

  test.each<[error: object, severity: string]>([
    [{}, 'fatal'],
    [{ type: 'server_error' }, 'fatal'],
    [{ type: 'server_error', code: 'internal_error' }, 'fatal'],
    [{ type: 'some_new_error' }, 'fatal'],
    [{ type: null, code: null }, 'fatal'],
    [{ code: 'session_expired' }, 'fatal'],
    [{ type: 'invalid_request_error', code: 'session_expired' }, 'fatal'],
    [{ type: 'invalid_request_error' }, 'recoverable'],
    [{ type: 'invalid_request_error', code: null }, 'recoverable'],
    [{ type: 'invalid_request_error', code: 'some_new_code' }, 'recoverable'],
    [{ code: 'invalid_event' }, 'recoverable'],
    [{ code: 'invalid_value' }, 'recoverable'],
    [{ code: 'missing_required_parameter' }, 'recoverable'],
    [{ code: 'unknown_parameter' }, 'recoverable'],
    [{ code: 'input_audio_buffer_commit_empty' }, 'recoverable'],
    [{ code: 'response_cancel_not_active' }, 'recoverable'],
    [{ code: 'item_truncate_invalid_item_id' }, 'recoverable'],
    [{ code: 'item_not_found' }, 'recoverable'],
    [{ code: ['invalid_event'] }, 'fatal'],
    [{ code: 'conversation_already_has_active_response' }, 'responseActive'],
    [{ type: 'invalid_request_error', code: 'conversation_already_has_active_response' }, 'responseActive'],
  ])('%j is %s', (error, severity) => {
    expect(decode({ error: { message: 'm', ...error } })).toEqual({ type: 'error', message: 'm', severity });
  });

  test('only the error itself says what it is', () => {
    expect(decode({ message: 'm', code: 'invalid_event' })).toEqual({
      type: 'error',
      message: 'm',
      severity: 'fatal',
    });
  });
});
