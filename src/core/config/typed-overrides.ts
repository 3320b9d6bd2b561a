import type { Config } from './config.ts';

/** The keys that a request can set by a parameter of its own. */
type TypedKey =
  | 'model'
  | 'modelProvider'
  | 'serviceTier'
  | 'approvalPolicy'
  | 'approvalsReviewer'
  | 'sandboxMode'
  | 'permissions'
  | 'baseInstructions'
  | 'developerInstructions'
  | 'personality';

/**
 * Parameters of a request that win over every layer. Absent and null leave what the layers say, except for
 * `serviceTier`, where null clears it.
 */
export type TypedOverrides = { readonly [Key in TypedKey]?: Config[Key] | null | undefined };

/** Lays the parameters of a request over a configuration. */
export function withTyped(config: Config, typed: TypedOverrides = {}): Config {
  return {
    ...config,
    model: typed.model ?? config.model,
    modelProvider: typed.modelProvider ?? config.modelProvider,
    serviceTier: typed.serviceTier === undefined ? config.serviceTier : typed.serviceTier,
    approvalPolicy: typed.approvalPolicy ?? config.approvalPolicy,
    approvalsReviewer: typed.approvalsReviewer ?? config.approvalsReviewer,
    sandboxMode: typed.sandboxMode ?? config.sandboxMode,
    permissions: typed.permissions ?? (typed.sandboxMode == null ? config.permissions : null),
    baseInstructions: typed.baseInstructions ?? config.baseInstructions,
    developerInstructions: typed.developerInstructions ?? config.developerInstructions,
    personality: typed.personality ?? config.personality,
  };
}
