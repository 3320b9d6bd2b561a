export * from './decode.ts';
export * from './errors.ts';
export * from './jsonrpc.ts';
export type { ExperimentalField, MethodRow, MethodScope } from './method-row.ts';
export * from './methods.ts';
export * from './notifications.ts';
export { AbsolutePathBuf } from './scalars.ts';
export * from './v1/index.ts';
export * from './v2/index.ts';
