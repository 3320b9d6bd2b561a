export type { LoopbackClock } from './clock.ts';
export type { LoopbackEvent } from './context.ts';
export { startLoopback } from './server.ts';
export type { Loopback, LoopbackOptions } from './server.ts';
