import type { ReasoningEffort } from '../../protocol/index.ts';
import { effortOption, unknownModel } from './model-info.ts';
import type { ModelInfo } from './model-info.ts';

type Efforts = readonly ReasoningEffort[];

const FROM_NONE: Efforts = ['none', 'low', 'medium', 'high', 'xhigh'];
const FROM_LOW: Efforts = ['low', 'medium', 'high', 'xhigh'];

/** Windows of models that the API offers with more than a million tokens; beyond the first, tokens cost more. */
const LONG_WINDOW = { contextWindow: 272_000, maxContextWindow: 922_000 };

/** Windows of models that take 400,000 tokens, of which 128,000 are for the response. */
const USUAL_WINDOW = { contextWindow: 272_000, maxContextWindow: 272_000 };

/** What the API offers for GPT-5.4 and the full-size models after it. */
const ORIGINAL_IMAGES = { supportsOriginalImageDetail: true };

/** The models that are known without asking, the one to start with first. */
export const BUILT_IN_MODELS: readonly ModelInfo[] = [
  model(
    'gpt-5.5',
    'GPT-5.5',
    'Strong at coding and at long tasks of any kind.',
    FROM_NONE,
    LONG_WINDOW,
    ORIGINAL_IMAGES,
  ),
  model(
    'gpt-5.6-sol',
    'GPT-5.6 Sol',
    'The most able of its generation, for the hardest work.',
    FROM_NONE,
    LONG_WINDOW,
    ORIGINAL_IMAGES,
  ),
  model(
    'gpt-5.6-terra',
    'GPT-5.6 Terra',
    'Able and affordable, for everyday work.',
    FROM_NONE,
    LONG_WINDOW,
    ORIGINAL_IMAGES,
  ),
  model(
    'gpt-5.6-luna',
    'GPT-5.6 Luna',
    'The quickest of its generation, for small tasks.',
    FROM_NONE,
    LONG_WINDOW,
    ORIGINAL_IMAGES,
  ),
  model(
    'gpt-5.4',
    'GPT-5.4',
    'The generation before, for work that is tuned to it.',
    FROM_NONE,
    LONG_WINDOW,
    ORIGINAL_IMAGES,
  ),
  model('gpt-5.4-mini', 'GPT-5.4 mini', 'Small and quick, for light coding tasks.', FROM_NONE, USUAL_WINDOW),
  model('gpt-5.3-codex', 'GPT-5.3 Codex', 'An older model made for coding alone.', FROM_LOW, USUAL_WINDOW, {
    supportsVerbosity: false,
    defaultVerbosity: null,
  }),
  model(
    'gpt-5.3-codex-spark',
    'GPT-5.3 Codex Spark',
    'Answers at once, and reads text only.',
    FROM_LOW,
    {
      contextWindow: 128_000,
      maxContextWindow: 128_000,
    },
    {
      isHidden: true,
      inputModalities: ['text'],
      maxOutputTokens: null,
      supportsVerbosity: false,
      defaultVerbosity: null,
    },
  ),
  model('gpt-5.2', 'GPT-5.2', 'An older model for general work.', FROM_NONE, USUAL_WINDOW, {
    isHidden: true,
    supportsPersonality: false,
  }),
];

const DATED = /-\d{4}-\d{2}-\d{2}$/u;

/** What is known of a model without asking. A dated snapshot is taken for the model itself. Null if that is nothing. */
export function builtInModel(id: string): ModelInfo | null {
  const family = id.replace(DATED, '');
  const known = BUILT_IN_MODELS.find((candidate) => candidate.id === family);
  return known === undefined ? null : { ...known, id };
}

function model(
  id: string,
  displayName: string,
  description: string,
  efforts: Efforts,
  window: Pick<ModelInfo, 'contextWindow' | 'maxContextWindow'>,
  differences: Partial<ModelInfo> = {},
): ModelInfo {
  return {
    ...unknownModel(id),
    displayName,
    description,
    ...window,
    maxOutputTokens: 128_000,
    reasoningEfforts: efforts.map(effortOption),
    defaultReasoningEffort: 'medium',
    supportsReasoningSummaries: true,
    supportsVerbosity: true,
    defaultVerbosity: 'low',
    supportsParallelToolCalls: true,
    applyPatchTool: 'freeform',
    supportsPersonality: true,
    isFallback: false,
    ...differences,
  };
}
