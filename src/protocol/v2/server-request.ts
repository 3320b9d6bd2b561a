import * as z from 'zod/mini';
import { RequestId } from '../jsonrpc.ts';

/** A question of the server needs no answer any more, because there is one or because its turn went on without. */
export const ServerRequestResolvedNotification = z.object({
  threadId: z.string(),
  requestId: RequestId,
});
export type ServerRequestResolvedNotification = z.infer<typeof ServerRequestResolvedNotification>;
