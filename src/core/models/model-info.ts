import type {
  InputModality,
  ModelServiceTier,
  ModelUpgradeInfo,
  ReasoningEffort,
  ReasoningEffortOption,
  ReasoningSummary,
  Verbosity,
} from '../../protocol/index.ts';

/** What is known of one model. Counts are in tokens. */
export interface ModelInfo {
  /** The name that goes into a request. */
  readonly id: string;
  readonly displayName: string;
  readonly description: string;
  /** Usable, yet not for a list to choose from. */
  readonly isHidden: boolean;
  /** How much the model takes in, unless the configuration says otherwise; null is not known. */
  readonly contextWindow: number | null;
  /** The most that a configuration can raise the context window to; null sets no bound. */
  readonly maxContextWindow: number | null;
  /** The part of the context window that is used, in percent; the rest is kept free for what is added on the way. */
  readonly effectiveContextWindowPercent: number;
  /** Where the history is compacted, if the model has a place of its own. */
  readonly autoCompactTokenLimit: number | null;
  /** The most that one response can hold; null is not known. */
  readonly maxOutputTokens: number | null;
  /** From little effort to much; empty for a model that does not reason, or of which it is not known. */
  readonly reasoningEfforts: readonly ReasoningEffortOption[];
  /** Null sends no effort, so that the provider decides. */
  readonly defaultReasoningEffort: ReasoningEffort | null;
  /** Whether a request may ask for reasoning at all; without, its `reasoning` is null. */
  readonly supportsReasoningSummaries: boolean;
  readonly defaultReasoningSummary: ReasoningSummary;
  readonly supportsVerbosity: boolean;
  /** Null sends no verbosity. */
  readonly defaultVerbosity: Verbosity | null;
  readonly supportsParallelToolCalls: boolean;
  /** How the model is offered the tool for patches: as one that takes free text, as a function, or not at all. */
  readonly applyPatchTool: 'freeform' | 'function' | null;
  readonly supportsPersonality: boolean;
  readonly inputModalities: readonly InputModality[];
  /** Whether the model can be shown an image in more detail than others. */
  readonly supportsOriginalImageDetail: boolean;
  readonly serviceTiers: readonly ModelServiceTier[];
  readonly additionalSpeedTiers: readonly string[];
  readonly upgrade: ModelUpgradeInfo | null;
  /** A message for users who see the model for the first time. */
  readonly availabilityMessage: string | null;
  /** Nothing is known of the model, and these are cautious defaults; the user should be told so once. */
  readonly isFallback: boolean;
}

const EFFORT_DESCRIPTIONS: Readonly<Record<ReasoningEffort, string>> = {
  none: 'Answers without thinking first',
  minimal: 'Hardly thinks before it answers',
  low: 'Thinks briefly, for answers that come soon',
  medium: 'Weighs time against depth',
  high: 'Thinks longer, for harder problems',
  xhigh: 'Thinks as long as it takes',
};

/** An effort with the words that are used for it where a provider has none. */
export function effortOption(reasoningEffort: ReasoningEffort): ReasoningEffortOption {
  return { reasoningEffort, description: EFFORT_DESCRIPTIONS[reasoningEffort] };
}

/** A model of which nothing but the name is known. It is asked for nothing that a model might refuse. */
export function unknownModel(id: string): ModelInfo {
  return {
    id,
    displayName: id,
    description: '',
    isHidden: false,
    contextWindow: 272_000,
    maxContextWindow: null,
    effectiveContextWindowPercent: 95,
    autoCompactTokenLimit: null,
    maxOutputTokens: null,
    reasoningEfforts: [],
    defaultReasoningEffort: null,
    supportsReasoningSummaries: false,
    defaultReasoningSummary: 'auto',
    supportsVerbosity: false,
    defaultVerbosity: null,
    supportsParallelToolCalls: false,
    applyPatchTool: null,
    supportsPersonality: false,
    inputModalities: ['text', 'image'],
    supportsOriginalImageDetail: false,
    serviceTiers: [],
    additionalSpeedTiers: [],
    upgrade: null,
    availabilityMessage: null,
    isFallback: true,
  };
}
