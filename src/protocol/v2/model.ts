import * as z from 'zod/mini';

export const ReasoningEffort = z.enum(['none', 'minimal', 'low', 'medium', 'high', 'xhigh']);
export type ReasoningEffort = z.infer<typeof ReasoningEffort>;

export const ReasoningSummary = z.enum(['auto', 'concise', 'detailed', 'none']);
export type ReasoningSummary = z.infer<typeof ReasoningSummary>;

export const Personality = z.enum(['none', 'friendly', 'pragmatic']);
export type Personality = z.infer<typeof Personality>;

export const ModeKind = z.enum(['plan', 'default']);
export type ModeKind = z.infer<typeof ModeKind>;

/** The settings of a collaboration mode. Null instructions mean the mode's built-in ones. */
export const Settings = z.object({
  model: z.string(),
  reasoning_effort: z.nullish(ReasoningEffort),
  developer_instructions: z.nullish(z.string()),
});
export type Settings = z.infer<typeof Settings>;

export const CollaborationMode = z.object({
  mode: ModeKind,
  settings: Settings,
});
export type CollaborationMode = z.infer<typeof CollaborationMode>;
