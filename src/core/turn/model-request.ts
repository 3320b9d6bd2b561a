import type { ResponseItem, ResponsesRequest } from '../../responses/index.ts';
import type { Config } from '../config/index.ts';
import { withoutImages } from '../images/index.ts';
import type { ModelInfo } from '../models/index.ts';
import { toolDefinitions } from '../tools/index.ts';
import type { Tool } from '../tools/index.ts';
import { withReadableOutputs } from './readable-outputs.ts';
import type { TurnSettings } from './turn-settings.ts';

/** What the agent is told to be, unless the configuration says otherwise. */
export const BASE_INSTRUCTIONS = `You are a coding agent at work on the user's computer. Do what is asked, say plainly what \
you did and what you found, and be brief: what you write may be read out. Where something is unclear and matters, ask \
one question. Never claim to have done what you have not done.`;

export interface ModelRequestParts {
  readonly input: readonly ResponseItem[];
  readonly instructions: string;
  readonly settings: TurnSettings;
  readonly config: Config;
  readonly model: ModelInfo;
  /** Tools besides the built-in ones. */
  readonly tools: readonly Tool[];
  /** A JSON Schema that the answer has to fit; undefined and null ask for text. */
  readonly outputSchema: unknown;
}

/** What the model is asked in a turn with these settings. */
export function modelRequest(parts: ModelRequestParts): ResponsesRequest {
  const { config, input, instructions, model, settings } = parts;
  const tools = toolDefinitions(parts, parts.tools);
  const readable = model.inputModalities.includes('image') ? input : withoutImages(input);
  const offersFreeformPatch = tools.some(({ name, type }) => type === 'custom' && name === 'apply_patch');
  return {
    model: settings.model,
    instructions,
    input: offersFreeformPatch ? withReadableOutputs(readable) : readable,
    tools,
    parallelToolCalls: model.supportsParallelToolCalls,
    reasoning:
      (config.modelSupportsReasoningSummaries ?? model.supportsReasoningSummaries)
        ? { effort: settings.effort ?? model.defaultReasoningEffort, summary: summaryOf(parts) }
        : null,
    serviceTier: settings.serviceTier,
    text: textOf(parts),
  };
}

function summaryOf({ config, settings }: ModelRequestParts): 'auto' | 'concise' | 'detailed' | null {
  const summary = settings.summary ?? config.modelReasoningSummary ?? 'auto';
  return summary === 'none' ? null : summary;
}

function textOf({ config, model, outputSchema }: ModelRequestParts): ResponsesRequest['text'] {
  const verbosity = model.supportsVerbosity ? (config.modelVerbosity ?? model.defaultVerbosity) : null;
  const schema = outputSchema == null ? null : { schema: outputSchema, isStrict: true };
  return verbosity === null && schema === null ? null : { verbosity, outputSchema: schema };
}
