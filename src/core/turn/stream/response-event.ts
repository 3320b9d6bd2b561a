import type { ResponseEvent } from '../../../responses/index.ts';

/** One type of event of a response. */
export type ResponseEventOf<T extends ResponseEvent['type']> = Extract<ResponseEvent, { type: T }>;
