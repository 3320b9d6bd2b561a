import * as z from 'zod/mini';

/** Runs a command of the user's own, outside the sandbox and without being asked. */
export const ThreadShellCommandParams = z.object({
  threadId: z.string(),
  /** A script for the user's shell. */
  command: z.string(),
});
export type ThreadShellCommandParams = z.infer<typeof ThreadShellCommandParams>;

/** What becomes of the command is told by its item. */
export const ThreadShellCommandResponse = z.object({});
export type ThreadShellCommandResponse = z.infer<typeof ThreadShellCommandResponse>;

/** Ends the commands that the agent has left running. */
export const ThreadBackgroundTerminalsCleanParams = z.object({ threadId: z.string() });
export type ThreadBackgroundTerminalsCleanParams = z.infer<typeof ThreadBackgroundTerminalsCleanParams>;

export const ThreadBackgroundTerminalsCleanResponse = z.object({});
export type ThreadBackgroundTerminalsCleanResponse = z.infer<typeof ThreadBackgroundTerminalsCleanResponse>;
