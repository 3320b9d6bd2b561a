import * as z from 'zod/mini';
import { uint32 } from '../scalars.ts';

export const ExperimentalFeatureStage = z.enum([
  'beta',
  'underDevelopment',
  'stable',
  'deprecated',
  'removed',
]);
export type ExperimentalFeatureStage = z.infer<typeof ExperimentalFeatureStage>;

/** A switch of the configuration table `[features]`. */
export const ExperimentalFeature = z.object({
  /** Its key in the table. */
  name: z.string(),
  stage: ExperimentalFeatureStage,
  displayName: z.nullable(z.string()),
  description: z.nullable(z.string()),
  announcement: z.nullable(z.string()),
  /** What the configuration makes of it. */
  enabled: z.boolean(),
  defaultEnabled: z.boolean(),
});
export type ExperimentalFeature = z.infer<typeof ExperimentalFeature>;

export const ExperimentalFeatureListParams = z.object({
  /** The `nextCursor` of the page before. */
  cursor: z.nullish(z.string()),
  /** No limit unless given; 0 acts as 1. */
  limit: z.nullish(uint32),
});
export type ExperimentalFeatureListParams = z.infer<typeof ExperimentalFeatureListParams>;

export const ExperimentalFeatureListResponse = z.object({
  data: z.array(ExperimentalFeature),
  nextCursor: z.nullable(z.string()),
});
export type ExperimentalFeatureListResponse = z.infer<typeof ExperimentalFeatureListResponse>;
