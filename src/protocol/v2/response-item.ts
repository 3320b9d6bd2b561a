import * as z from 'zod/mini';
import { jsonValue, uint64 } from '../scalars.ts';
import { MessagePhase } from './item.ts';

export const ImageDetail = z.enum(['auto', 'low', 'high', 'original']);
export type ImageDetail = z.infer<typeof ImageDetail>;

/** One piece of a message. */
export const ContentItem = z.discriminatedUnion('type', [
  z.object({ type: z.literal('input_text'), text: z.string() }),
  z.object({ type: z.literal('input_image'), image_url: z.string(), detail: z.nullish(ImageDetail) }),
  z.object({ type: z.literal('output_text'), text: z.string() }),
]);
export type ContentItem = z.infer<typeof ContentItem>;

export const FunctionCallOutputContentItem = z.discriminatedUnion('type', [
  z.object({ type: z.literal('input_text'), text: z.string() }),
  z.object({ type: z.literal('input_image'), image_url: z.string(), detail: z.nullish(ImageDetail) }),
]);
export type FunctionCallOutputContentItem = z.infer<typeof FunctionCallOutputContentItem>;

/** What a tool gave back: a text, or pieces of text and images. */
export const FunctionCallOutputBody = z.union([z.string(), z.array(FunctionCallOutputContentItem)]);
export type FunctionCallOutputBody = z.infer<typeof FunctionCallOutputBody>;

export const ReasoningItemReasoningSummary = z.discriminatedUnion('type', [
  z.object({ type: z.literal('summary_text'), text: z.string() }),
]);
export type ReasoningItemReasoningSummary = z.infer<typeof ReasoningItemReasoningSummary>;

export const ReasoningItemContent = z.discriminatedUnion('type', [
  z.object({ type: z.literal('reasoning_text'), text: z.string() }),
  z.object({ type: z.literal('text'), text: z.string() }),
]);
export type ReasoningItemContent = z.infer<typeof ReasoningItemContent>;

export const LocalShellStatus = z.enum(['completed', 'in_progress', 'incomplete']);
export type LocalShellStatus = z.infer<typeof LocalShellStatus>;

export const LocalShellAction = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('exec'),
    command: z.array(z.string()),
    timeout_ms: z.nullish(uint64),
    working_directory: z.nullish(z.string()),
    env: z.nullish(z.record(z.string(), z.string())),
    user: z.nullish(z.string()),
  }),
]);
export type LocalShellAction = z.infer<typeof LocalShellAction>;

export const ResponsesApiWebSearchAction = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('search'),
    query: z.nullish(z.string()),
    queries: z.nullish(z.array(z.string())),
  }),
  z.object({ type: z.literal('open_page'), url: z.nullish(z.string()) }),
  z.object({
    type: z.literal('find_in_page'),
    url: z.nullish(z.string()),
    pattern: z.nullish(z.string()),
  }),
  z.object({ type: z.literal('other') }),
]);
export type ResponsesApiWebSearchAction = z.infer<typeof ResponsesApiWebSearchAction>;

/** The id that the model's API gave an item. */
const id = z.nullish(z.string());

/** One item of what a model was given or gave, as the model's API spells it: snake_case throughout. */
export const ResponseItem = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('message'),
    id,
    role: z.string(),
    content: z.array(ContentItem),
    phase: z.nullish(MessagePhase),
  }),
  z.object({
    type: z.literal('reasoning'),
    id,
    summary: z.array(ReasoningItemReasoningSummary),
    content: z.nullish(z.array(ReasoningItemContent)),
    encrypted_content: z.nullish(z.string()),
  }),
  z.object({
    type: z.literal('local_shell_call'),
    id,
    call_id: z.nullish(z.string()),
    status: LocalShellStatus,
    action: LocalShellAction,
  }),
  z.object({
    type: z.literal('function_call'),
    id,
    name: z.string(),
    namespace: z.nullish(z.string()),
    /** JSON as a text, as the model wrote it. */
    arguments: z.string(),
    call_id: z.string(),
  }),
  z.object({
    type: z.literal('tool_search_call'),
    id,
    call_id: z.nullish(z.string()),
    status: z.nullish(z.string()),
    execution: z.string(),
    arguments: jsonValue,
  }),
  z.object({
    type: z.literal('function_call_output'),
    call_id: z.string(),
    output: FunctionCallOutputBody,
  }),
  z.object({
    type: z.literal('custom_tool_call'),
    id,
    status: z.nullish(z.string()),
    call_id: z.string(),
    name: z.string(),
    input: z.string(),
  }),
  z.object({
    type: z.literal('custom_tool_call_output'),
    call_id: z.string(),
    name: z.nullish(z.string()),
    output: FunctionCallOutputBody,
  }),
  z.object({
    type: z.literal('tool_search_output'),
    call_id: z.nullish(z.string()),
    status: z.string(),
    execution: z.string(),
    tools: z.array(jsonValue),
  }),
  z.object({
    type: z.literal('web_search_call'),
    id,
    status: z.nullish(z.string()),
    action: z.nullish(ResponsesApiWebSearchAction),
  }),
  z.object({
    type: z.literal('image_generation_call'),
    id: z.string(),
    status: z.string(),
    revised_prompt: z.nullish(z.string()),
    /** Base64. */
    result: z.string(),
  }),
  z.object({ type: z.literal('compaction'), encrypted_content: z.string() }),
  z.object({ type: z.literal('context_compaction'), encrypted_content: z.nullish(z.string()) }),
  /** Stands where an item was that the one who kept it did not know. */
  z.object({ type: z.literal('other') }),
]);
export type ResponseItem = z.infer<typeof ResponseItem>;

/** An item of the model's, as it came; only for clients that ask for raw events. */
export const RawResponseItemCompletedNotification = z.object({
  threadId: z.string(),
  turnId: z.string(),
  item: ResponseItem,
});
export type RawResponseItemCompletedNotification = z.infer<typeof RawResponseItemCompletedNotification>;
