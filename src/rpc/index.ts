export { openConnection } from './connection.ts';
export type {
  NotificationHandler,
  RequestHandler,
  RpcConnection,
  RpcConnectionOptions,
  RpcLogger,
} from './connection.ts';
export { RpcConnectionError, RpcError } from './errors.ts';
export { MAX_MESSAGE_BYTES } from './frames.ts';
export type { Framing } from './reader.ts';
