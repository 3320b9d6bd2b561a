import * as z from 'zod/mini';

export const RemoteControlConnectionStatus = z.enum(['disabled', 'connecting', 'connected', 'errored']);
export type RemoteControlConnectionStatus = z.infer<typeof RemoteControlConnectionStatus>;

/** Sent once right after `initialize` is answered. */
export const RemoteControlStatusChangedNotification = z.object({
  status: RemoteControlConnectionStatus,
  environmentId: z.nullable(z.string()),
});
export type RemoteControlStatusChangedNotification = z.infer<typeof RemoteControlStatusChangedNotification>;
