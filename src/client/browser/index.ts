export { audioWorkletSource } from './worklet-source.ts';
export { BrowserClient } from './browser-client.ts';
export type {
  BrowserClientEnd,
  BrowserClientOptions,
  BrowserRequestOptions,
  QuestionHandler,
} from './browser-client.ts';
export { BrowserClientError, VoiceCallError } from './errors.ts';
export type { BrowserClientErrorReason, VoiceCallErrorReason } from './errors.ts';
export { VoiceCall } from './voice-call.ts';
export type {
  VoiceCallEnd,
  VoiceCallEvents,
  VoiceCallOptions,
  VoiceCallSide,
  VoiceCallState,
} from './voice-call-options.ts';
export * from '../voice/index.ts';
export { RpcError } from '../../rpc/errors.ts';
export type {
  MethodName,
  NotificationName,
  NotificationParamsOf,
  ParamsInputOf,
  ResponseOf,
  ServerRequestName,
  ServerRequestParamsOf,
  ServerRequestResponseOf,
} from '../../protocol/index.ts';
