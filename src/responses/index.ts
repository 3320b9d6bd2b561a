export type { ResponseEvent, ResponseItem, ResponseUsage } from './events.ts';
export { ResponsesError, streamResponse } from './stream.ts';
export type { ResponsesRequest } from './stream.ts';
