import { attachItemIds } from '../item/azure-ids.ts';
import { serializeItems } from '../item/serialize.ts';
import type { SerializedItem } from '../item/serialize.ts';
import type { ReasoningSettings, ResponsesRequest, SessionIdentity, TextSettings } from './request.ts';

export interface RequestSettingsOptions {
  readonly identity: SessionIdentity;
  readonly isAzure: boolean;
}

/** The body of a request without its input. A member that is undefined is not sent. */
export type RequestSettings = ReturnType<typeof requestSettings>;

export function requestSettings(request: ResponsesRequest, { identity, isAzure }: RequestSettingsOptions) {
  const { instructions, model, parallelToolCalls, reasoning, serviceTier, text, tools } = request;
  return {
    model,
    instructions: instructions === '' ? undefined : instructions,
    tools,
    tool_choice: 'auto',
    parallel_tool_calls: parallelToolCalls,
    reasoning: reasoning === null ? null : reasoningBody(reasoning),
    store: isAzure,
    stream: true,
    include: reasoning === null ? [] : ['reasoning.encrypted_content'],
    service_tier: serviceTier === null ? undefined : serviceTier === 'fast' ? 'priority' : serviceTier,
    prompt_cache_key: identity.threadId,
    text: text === null ? undefined : textBody(text),
    client_metadata: { 'x-codex-installation-id': identity.installationId },
  };
}

/** The whole body of a request by HTTP. */
export function httpBody(request: ResponsesRequest, options: RequestSettingsOptions): object {
  const sent = request.input.filter((item) => item.type !== 'other');
  const serialized = serializeItems(sent);
  const input: SerializedItem[] = options.isAzure ? attachItemIds(serialized, sent) : serialized;
  return { ...requestSettings(request, options), input };
}

export function reasoningBody({ effort, summary }: ReasoningSettings): object {
  return { effort: effort ?? undefined, summary: summary ?? undefined };
}

/** Undefined when it would say nothing. */
export function textBody({ outputSchema, verbosity }: TextSettings): object | undefined {
  if (verbosity === null && outputSchema === null) return undefined;
  const format = outputSchema === null ? undefined : outputFormat(outputSchema);
  return { verbosity: verbosity ?? undefined, format };
}

function outputFormat({ isStrict, schema }: NonNullable<TextSettings['outputSchema']>): object {
  return { type: 'json_schema', strict: isStrict, schema, name: 'codex_output_schema' };
}
