export { Client } from './client.ts';
export type { AnyNotificationListener, RequestOptions, ServerRequestHandler } from './client.ts';
export { connect } from './connect.ts';
export type { ConnectOptions } from './connect.ts';
export type { DaemonExit } from './daemon-process.ts';
export { ClientError } from './errors.ts';
export type { ClientErrorReason } from './errors.ts';
export { RealtimeCall } from './realtime-call.ts';
export type { RealtimeInputAudio } from './realtime-call.ts';
export { RealtimeCallError } from './realtime-call-events.ts';
export type { RealtimeCallEnd, RealtimeCallErrorReason, RealtimeCallEvents } from './realtime-call-events.ts';
export { startRealtimeCall } from './start-realtime-call.ts';
export type { RealtimeCallOptions } from './start-realtime-call.ts';
export { RpcError } from '../rpc/index.ts';
export type {
  MethodName,
  NotificationName,
  NotificationParamsOf,
  ParamsInputOf,
  ResponseOf,
} from '../protocol/index.ts';
