import * as z from 'zod/mini';
import { Thread } from './thread.ts';

/** Closes a thread, if it is loaded, and moves its file out of the ordinary lists. */
export const ThreadArchiveParams = z.object({ threadId: z.string() });
export type ThreadArchiveParams = z.infer<typeof ThreadArchiveParams>;

export const ThreadArchiveResponse = z.object({});
export type ThreadArchiveResponse = z.infer<typeof ThreadArchiveResponse>;

export const ThreadUnarchiveParams = z.object({ threadId: z.string() });
export type ThreadUnarchiveParams = z.infer<typeof ThreadUnarchiveParams>;

export const ThreadUnarchiveResponse = z.object({ thread: Thread });
export type ThreadUnarchiveResponse = z.infer<typeof ThreadUnarchiveResponse>;

export const ThreadArchivedNotification = z.object({ threadId: z.string() });
export type ThreadArchivedNotification = z.infer<typeof ThreadArchivedNotification>;

export const ThreadUnarchivedNotification = z.object({ threadId: z.string() });
export type ThreadUnarchivedNotification = z.infer<typeof ThreadUnarchivedNotification>;
