import * as z from 'zod/mini';
import { ModeKind, ReasoningEffort } from './model.ts';

/** A mode to offer to the user; null leaves a setting as it is. The keys are snake_case on the wire. */
export const CollaborationModeMask = z.object({
  name: z.string(),
  mode: z.nullable(ModeKind),
  model: z.nullable(z.string()),
  reasoning_effort: z.nullable(ReasoningEffort),
});
export type CollaborationModeMask = z.infer<typeof CollaborationModeMask>;

export const CollaborationModeListParams = z.object({});
export type CollaborationModeListParams = z.infer<typeof CollaborationModeListParams>;

export const CollaborationModeListResponse = z.object({ data: z.array(CollaborationModeMask) });
export type CollaborationModeListResponse = z.infer<typeof CollaborationModeListResponse>;
