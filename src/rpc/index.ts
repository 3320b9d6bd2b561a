export { openConnection } from './connection.ts';
export type { RpcConnection, RpcConnectionOptions, RpcLogger } from './connection.ts';
export { RpcConnectionError, RpcError } from './errors.ts';
