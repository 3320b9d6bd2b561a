import * as z from 'zod/mini';
import { Thread } from './thread.ts';

export const ThreadSetNameParams = z.object({
  threadId: z.string(),
  /** Blanks around it do not count; something else must be in it. */
  name: z.string(),
});
export type ThreadSetNameParams = z.infer<typeof ThreadSetNameParams>;

export const ThreadSetNameResponse = z.object({});
export type ThreadSetNameResponse = z.infer<typeof ThreadSetNameResponse>;

export const ThreadNameUpdatedNotification = z.object({
  threadId: z.string(),
  /** Absent when the thread has no name any more. */
  threadName: z.nullish(z.string()),
});
export type ThreadNameUpdatedNotification = z.infer<typeof ThreadNameUpdatedNotification>;

/** Of each field, absent: keep. Null: clear. At least one must be there. */
export const ThreadMetadataGitInfoUpdateParams = z.object({
  sha: z.nullish(z.string()),
  branch: z.nullish(z.string()),
  originUrl: z.nullish(z.string()),
});
export type ThreadMetadataGitInfoUpdateParams = z.infer<typeof ThreadMetadataGitInfoUpdateParams>;

export const ThreadMetadataUpdateParams = z.object({
  threadId: z.string(),
  gitInfo: z.nullish(ThreadMetadataGitInfoUpdateParams),
});
export type ThreadMetadataUpdateParams = z.infer<typeof ThreadMetadataUpdateParams>;

export const ThreadMetadataUpdateResponse = z.object({ thread: Thread });
export type ThreadMetadataUpdateResponse = z.infer<typeof ThreadMetadataUpdateResponse>;

export const ThreadMemoryMode = z.enum(['enabled', 'disabled']);
export type ThreadMemoryMode = z.infer<typeof ThreadMemoryMode>;

/** Whether what happens in the thread may be remembered beyond it. */
export const ThreadMemoryModeSetParams = z.object({ threadId: z.string(), mode: ThreadMemoryMode });
export type ThreadMemoryModeSetParams = z.infer<typeof ThreadMemoryModeSetParams>;

export const ThreadMemoryModeSetResponse = z.object({});
export type ThreadMemoryModeSetResponse = z.infer<typeof ThreadMemoryModeSetResponse>;
