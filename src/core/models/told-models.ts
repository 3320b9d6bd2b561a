import * as z from 'zod/mini';
import {
  InputModality,
  ModelServiceTier,
  ReasoningEffort,
  ReasoningSummary,
  Verbosity,
} from '../../protocol/index.ts';
import { BUILT_IN_MODELS, builtInModel } from './built-in-models.ts';
import { effortOption, unknownModel } from './model-info.ts';
import type { ModelInfo } from './model-info.ts';

/** Who tells of its models. */
export interface TellingProvider {
  /** The display name; the name `OpenAI` is that of the API whose list is full of other things. */
  readonly name: string;
  /** Whether the request was made with an API key, which some models are not for. */
  readonly usesApiKey: boolean;
}

/** Models beyond this many are not taken. */
const MOST_MODELS = 1000;

/** The place of a model that a provider gives none. */
const LAST = Number.MAX_SAFE_INTEGER;

const tokens = optional(z.int().check(z.positive()));
const flag = optional(z.boolean());
const text = optional(z.string());

/** One model of a provider that describes what it has. What does not fit is left out. */
const DescribedModel = z.object({
  slug: z.string().check(z.minLength(1)),
  display_name: text,
  description: text,
  visibility: text,
  supported_in_api: flag,
  priority: optional(z.number()),
  context_window: tokens,
  max_context_window: tokens,
  effective_context_window_percent: optional(z.int().check(z.gte(1), z.lte(100))),
  auto_compact_token_limit: tokens,
  default_reasoning_level: optional(ReasoningEffort),
  supported_reasoning_levels: optional(z.array(z.unknown())),
  supports_reasoning_summaries: flag,
  default_reasoning_summary: optional(ReasoningSummary),
  support_verbosity: flag,
  default_verbosity: optional(Verbosity),
  supports_parallel_tool_calls: flag,
  /** Null says that there is none, which is not the same as saying nothing. */
  apply_patch_tool_type: z.catch(z.optional(z.nullable(z.enum(['freeform', 'function']))), undefined),
  input_modalities: optional(z.array(z.unknown())),
  supports_image_detail_original: flag,
  service_tiers: optional(z.array(z.unknown())),
  additional_speed_tiers: optional(z.array(z.unknown())),
  upgrade: optional(z.object({ model: z.string(), migration_markdown: optional(z.string()) })),
  availability_nux: optional(z.object({ message: z.string() })),
});
type DescribedModel = z.infer<typeof DescribedModel>;

const NamedModel = z.object({ id: z.string().check(z.minLength(1)) });

const ReasoningLevel = z.object({ effort: ReasoningEffort, description: text });

const Answer = z.object({ models: optional(z.array(z.unknown())), data: optional(z.array(z.unknown())) });

/**
 * The models in a provider's answer to `GET /models`, the one to start with first: either described one by one, or
 * named only, as the public API does. Null if the answer tells of none that could be used.
 */
export function modelsOfAnswer(answer: unknown, provider: TellingProvider): ModelInfo[] | null {
  const parsed = Answer.safeParse(answer);
  if (!parsed.success) return null;
  const described = fitting(DescribedModel, parsed.data.models);
  const models =
    described.length > 0 ? describedModels(described, provider) : namedModels(parsed.data.data, provider);
  return models.length > 0 ? models : null;
}

function describedModels(models: readonly DescribedModel[], { usesApiKey }: TellingProvider): ModelInfo[] {
  return models
    .filter((model) => !usesApiKey || model.supported_in_api !== false)
    .toSorted((a, b) => (a.priority ?? LAST) - (b.priority ?? LAST))
    .map(infoOf);
}

/** The public API lists everything it serves, so only what is known to write code is taken from there. */
function namedModels(told: readonly unknown[] | null, { name }: TellingProvider): ModelInfo[] {
  const ids = fitting(NamedModel, told).map(({ id }) => id);
  if (name === 'OpenAI') return BUILT_IN_MODELS.filter(({ id }) => ids.includes(id));
  return [...new Set(ids)].map((id) => ({ ...(builtInModel(id) ?? unknownModel(id)), isHidden: false }));
}

function infoOf(told: DescribedModel): ModelInfo {
  const known = builtInModel(told.slug) ?? unknownModel(told.slug);
  const efforts =
    told.supported_reasoning_levels === null ? null : effortsOf(told.supported_reasoning_levels);
  const modalities = fitting(InputModality, told.input_modalities);
  return {
    ...known,
    displayName: told.display_name ?? known.displayName,
    description: told.description ?? known.description,
    isHidden: told.visibility !== null && told.visibility !== 'list',
    contextWindow: told.context_window ?? known.contextWindow,
    maxContextWindow:
      told.max_context_window ?? (told.context_window === null ? known.maxContextWindow : null),
    effectiveContextWindowPercent:
      told.effective_context_window_percent ?? known.effectiveContextWindowPercent,
    autoCompactTokenLimit: told.auto_compact_token_limit,
    reasoningEfforts: efforts ?? known.reasoningEfforts,
    defaultReasoningEffort: told.default_reasoning_level ?? known.defaultReasoningEffort,
    supportsReasoningSummaries: told.supports_reasoning_summaries ?? known.supportsReasoningSummaries,
    defaultReasoningSummary: told.default_reasoning_summary ?? known.defaultReasoningSummary,
    supportsVerbosity: told.support_verbosity ?? known.supportsVerbosity,
    defaultVerbosity: told.default_verbosity ?? known.defaultVerbosity,
    supportsParallelToolCalls: told.supports_parallel_tool_calls ?? known.supportsParallelToolCalls,
    applyPatchTool:
      told.apply_patch_tool_type === undefined ? known.applyPatchTool : told.apply_patch_tool_type,
    inputModalities: modalities.length > 0 ? modalities : known.inputModalities,
    supportsOriginalImageDetail: told.supports_image_detail_original ?? known.supportsOriginalImageDetail,
    serviceTiers: fitting(ModelServiceTier, told.service_tiers),
    additionalSpeedTiers: fitting(z.string(), told.additional_speed_tiers),
    upgrade: upgradeOf(told),
    availabilityMessage: told.availability_nux?.message ?? null,
    isFallback: false,
  };
}

function effortsOf(levels: readonly unknown[]): ModelInfo['reasoningEfforts'] {
  return fitting(ReasoningLevel, levels).map(({ effort, description }) => {
    const option = effortOption(effort);
    return { ...option, description: description ?? option.description };
  });
}

function upgradeOf({ upgrade }: DescribedModel): ModelInfo['upgrade'] {
  if (upgrade === null) return null;
  const { migration_markdown: migrationMarkdown, model } = upgrade;
  return { model, upgradeCopy: null, modelLink: null, migrationMarkdown };
}

/** The entries of a list that have the shape, within the bound. */
function fitting<Schema extends z.ZodMiniType>(
  schema: Schema,
  entries: readonly unknown[] | null,
): z.output<Schema>[] {
  return (entries ?? []).slice(0, MOST_MODELS).flatMap((entry) => {
    const parsed = z.safeParse(schema, entry);
    return parsed.success ? [parsed.data] : [];
  });
}

/** Null for what is absent, null or of another shape. */
function optional<Schema extends z.ZodMiniType>(schema: Schema) {
  return z.catch(z._default(z.nullable(schema), null), null);
}
