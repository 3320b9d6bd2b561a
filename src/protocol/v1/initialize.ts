import * as z from 'zod/mini';
import { AbsolutePathBuf } from '../scalars.ts';

/** Who is connecting. `name` becomes the originator and must be a legal HTTP header value. */
export const ClientInfo = z.object({
  name: z.string(),
  title: z.nullish(z.string()),
  version: z.string(),
});
export type ClientInfo = z.infer<typeof ClientInfo>;

/** What the client opts into and out of, for this connection. */
export const InitializeCapabilities = z.object({
  /** Opens experimental methods, fields and notifications; off unless `true`. */
  experimentalApi: z.nullish(z.boolean()),
  /** Exact method names of notifications that are not to be sent. */
  optOutNotificationMethods: z.nullish(z.array(z.string())),
});
export type InitializeCapabilities = z.infer<typeof InitializeCapabilities>;

export const InitializeParams = z.object({
  clientInfo: ClientInfo,
  capabilities: z.nullish(InitializeCapabilities),
});
export type InitializeParams = z.infer<typeof InitializeParams>;

export const InitializeResponse = z.object({
  /** `<originator>/<generation> (<os>; <arch>) ...`: clients read name and version before the first blank. */
  userAgent: z.string(),
  /** Absolute, with symbolic links resolved. */
  codexHome: AbsolutePathBuf,
  /** `unix` or `windows`. */
  platformFamily: z.string(),
  /** `linux`, `macos` or `windows`. */
  platformOs: z.string(),
});
export type InitializeResponse = z.infer<typeof InitializeResponse>;
