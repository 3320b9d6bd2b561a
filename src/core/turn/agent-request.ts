import type { ResponseItem, ResponsesRequest } from '../../responses/index.ts';
import type { ModelInfo } from '../models/index.ts';
import type { Tool } from '../tools/index.ts';
import type { AgentResources } from './agent-resources.ts';
import { modelRequest } from './model-request.ts';
import type { TurnSettings } from './turn-settings.ts';

export interface AgentRequest {
  readonly input: readonly ResponseItem[];
  readonly settings: TurnSettings;
  readonly model: ModelInfo;
  /** Tools besides the built-in ones; those that the agent has now unless given. */
  readonly tools?: readonly Tool[];
  /** A JSON Schema that the answer has to fit; undefined and null ask for text. */
  readonly outputSchema?: unknown;
}

/** What the model is asked as the agent of a thread. */
export function agentRequest(
  { baseInstructions, config, moreTools }: AgentResources,
  { input, model, outputSchema, settings, tools = moreTools() }: AgentRequest,
): ResponsesRequest {
  return modelRequest({
    input,
    instructions: baseInstructions,
    settings,
    config,
    model,
    tools,
    outputSchema,
  });
}
