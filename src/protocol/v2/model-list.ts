import * as z from 'zod/mini';
import { uint32 } from '../scalars.ts';
import { ReasoningEffort } from './model.ts';

export const InputModality = z.enum(['text', 'image']);
export type InputModality = z.infer<typeof InputModality>;

export const ReasoningEffortOption = z.object({
  reasoningEffort: ReasoningEffort,
  description: z.string(),
});
export type ReasoningEffortOption = z.infer<typeof ReasoningEffortOption>;

/** A message for users who see a model for the first time. */
export const ModelAvailabilityNux = z.object({ message: z.string() });
export type ModelAvailabilityNux = z.infer<typeof ModelAvailabilityNux>;

/** The model that takes the place of another one, and what a client may show about it. */
export const ModelUpgradeInfo = z.object({
  model: z.string(),
  upgradeCopy: z.nullable(z.string()),
  modelLink: z.nullable(z.string()),
  migrationMarkdown: z.nullable(z.string()),
});
export type ModelUpgradeInfo = z.infer<typeof ModelUpgradeInfo>;

export const ModelServiceTier = z.object({
  id: z.string(),
  name: z.string(),
  description: z.string(),
});
export type ModelServiceTier = z.infer<typeof ModelServiceTier>;

/** One model that threads and turns can name. */
export const Model = z.object({
  id: z.string(),
  /** What goes into a request; the same as `id`. */
  model: z.string(),
  /** The id of the model to move to, if there is one. */
  upgrade: z.nullable(z.string()),
  upgradeInfo: z.nullable(ModelUpgradeInfo),
  availabilityNux: z.nullable(ModelAvailabilityNux),
  displayName: z.string(),
  description: z.string(),
  /** Usable, yet not for a list to choose from. */
  hidden: z.boolean(),
  supportedReasoningEfforts: z.array(ReasoningEffortOption),
  defaultReasoningEffort: ReasoningEffort,
  inputModalities: z.array(InputModality),
  supportsPersonality: z.boolean(),
  additionalSpeedTiers: z.array(z.string()),
  serviceTiers: z.array(ModelServiceTier),
  /** True for at most one model of the whole list. */
  isDefault: z.boolean(),
});
export type Model = z.infer<typeof Model>;

export const ModelListParams = z.object({
  /** The `nextCursor` of the page before. */
  cursor: z.nullish(z.string()),
  /** No limit unless given; 0 acts as 1. */
  limit: z.nullish(uint32),
  /** Off unless `true`. */
  includeHidden: z.nullish(z.boolean()),
});
export type ModelListParams = z.infer<typeof ModelListParams>;

export const ModelListResponse = z.object({
  data: z.array(Model),
  nextCursor: z.nullable(z.string()),
});
export type ModelListResponse = z.infer<typeof ModelListResponse>;

export const ModelProviderCapabilitiesReadParams = z.object({});
export type ModelProviderCapabilitiesReadParams = z.infer<typeof ModelProviderCapabilitiesReadParams>;

/** Which kinds of tools the model provider can serve. */
export const ModelProviderCapabilitiesReadResponse = z.object({
  /** Tools that are grouped under a namespace. */
  namespaceTools: z.boolean(),
  imageGeneration: z.boolean(),
  webSearch: z.boolean(),
});
export type ModelProviderCapabilitiesReadResponse = z.infer<typeof ModelProviderCapabilitiesReadResponse>;

export const ModelRerouteReason = z.enum(['highRiskCyberActivity']);
export type ModelRerouteReason = z.infer<typeof ModelRerouteReason>;

/** The provider answered with another model than the one that was asked. */
export const ModelReroutedNotification = z.object({
  threadId: z.string(),
  turnId: z.string(),
  fromModel: z.string(),
  toModel: z.string(),
  reason: ModelRerouteReason,
});
export type ModelReroutedNotification = z.infer<typeof ModelReroutedNotification>;

export const ModelVerification = z.enum(['trustedAccessForCyber']);
export type ModelVerification = z.infer<typeof ModelVerification>;

/** The provider recommends that the user proves who they are, for the named kinds of access. */
export const ModelVerificationNotification = z.object({
  threadId: z.string(),
  turnId: z.string(),
  verifications: z.array(ModelVerification),
});
export type ModelVerificationNotification = z.infer<typeof ModelVerificationNotification>;
