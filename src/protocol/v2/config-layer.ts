import * as z from 'zod/mini';
import { AbsolutePathBuf, jsonValue } from '../scalars.ts';

/** Where values of the configuration were written. */
export const ConfigLayerSource = z.discriminatedUnion('type', [
  z.object({ type: z.literal('mdm'), domain: z.string(), key: z.string() }),
  z.object({ type: z.literal('system'), file: AbsolutePathBuf }),
  z.object({ type: z.literal('user'), file: AbsolutePathBuf }),
  z.object({ type: z.literal('project'), dotCodexFolder: AbsolutePathBuf }),
  z.object({ type: z.literal('sessionFlags') }),
  z.object({ type: z.literal('legacyManagedConfigTomlFromFile'), file: AbsolutePathBuf }),
  z.object({ type: z.literal('legacyManagedConfigTomlFromMdm') }),
]);
export type ConfigLayerSource = z.infer<typeof ConfigLayerSource>;

/** A layer, and `sha256:` with a digest of its values, which changes when they do. */
export const ConfigLayerMetadata = z.object({ name: ConfigLayerSource, version: z.string() });
export type ConfigLayerMetadata = z.infer<typeof ConfigLayerMetadata>;

/** A layer with its own values, before any other is laid over it. */
export const ConfigLayer = z.object({
  name: ConfigLayerSource,
  version: z.string(),
  config: jsonValue,
  /** Null for a layer that counts. */
  disabledReason: z.nullable(z.string()),
});
export type ConfigLayer = z.infer<typeof ConfigLayer>;
