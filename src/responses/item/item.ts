import * as z from 'zod/mini';
import { ContentPart, ToolOutput } from './content.ts';

/** The id that the API gave an item. It is remembered, and sent back only where the API wants it. */
const id = z.nullish(z.string());
const optionalText = z.nullish(z.string());

export const MessagePhase = z.enum(['commentary', 'final_answer']);
export type MessagePhase = z.infer<typeof MessagePhase>;

export const MessageItem = z.object({
  type: z.literal('message'),
  id,
  role: z.string(),
  content: z.array(ContentPart),
  phase: z.nullish(MessagePhase),
});
export type MessageItem = z.infer<typeof MessageItem>;

export const ReasoningItem = z.object({
  type: z.literal('reasoning'),
  id,
  summary: z.array(z.object({ type: z.literal('summary_text'), text: z.string() })),
  content: z.nullish(z.array(z.object({ type: z.enum(['reasoning_text', 'text']), text: z.string() }))),
  encrypted_content: optionalText,
});
export type ReasoningItem = z.infer<typeof ReasoningItem>;

export const FunctionCallItem = z.object({
  type: z.literal('function_call'),
  id,
  name: z.string(),
  namespace: optionalText,
  /** JSON as a text, as the model wrote it. */
  arguments: z.string(),
  call_id: z.string(),
});
export type FunctionCallItem = z.infer<typeof FunctionCallItem>;

export const FunctionCallOutputItem = z.object({
  type: z.literal('function_call_output'),
  call_id: z.string(),
  output: ToolOutput,
});
export type FunctionCallOutputItem = z.infer<typeof FunctionCallOutputItem>;

export const CustomToolCallItem = z.object({
  type: z.literal('custom_tool_call'),
  id,
  status: optionalText,
  call_id: z.string(),
  name: z.string(),
  input: z.string(),
});
export type CustomToolCallItem = z.infer<typeof CustomToolCallItem>;

export const CustomToolCallOutputItem = z.object({
  type: z.literal('custom_tool_call_output'),
  call_id: z.string(),
  name: optionalText,
  output: ToolOutput,
});
export type CustomToolCallOutputItem = z.infer<typeof CustomToolCallOutputItem>;

export const LocalShellCallItem = z.object({
  type: z.literal('local_shell_call'),
  id,
  call_id: optionalText,
  status: z.enum(['completed', 'in_progress', 'incomplete']),
  action: z.object({
    type: z.literal('exec'),
    command: z.array(z.string()),
    timeout_ms: z.nullish(z.int()),
    working_directory: optionalText,
    env: z.nullish(z.record(z.string(), z.string())),
    user: optionalText,
  }),
});
export type LocalShellCallItem = z.infer<typeof LocalShellCallItem>;

export const ToolSearchCallItem = z.object({
  type: z.literal('tool_search_call'),
  id,
  call_id: optionalText,
  status: optionalText,
  execution: z.string(),
  arguments: z.unknown(),
});
export type ToolSearchCallItem = z.infer<typeof ToolSearchCallItem>;

export const ToolSearchOutputItem = z.object({
  type: z.literal('tool_search_output'),
  call_id: optionalText,
  status: z.string(),
  execution: z.string(),
  tools: z.array(z.unknown()),
});
export type ToolSearchOutputItem = z.infer<typeof ToolSearchOutputItem>;

/** What the search did; a kind of action that is not known here keeps its name alone. */
const WebSearchAction = z.object({
  type: z.string(),
  query: optionalText,
  queries: z.nullish(z.array(z.string())),
  url: optionalText,
  pattern: optionalText,
});

export const WebSearchCallItem = z.object({
  type: z.literal('web_search_call'),
  id,
  status: optionalText,
  action: z.nullish(WebSearchAction),
});
export type WebSearchCallItem = z.infer<typeof WebSearchCallItem>;

export const ImageGenerationCallItem = z.object({
  type: z.literal('image_generation_call'),
  id: z.string(),
  status: z.string(),
  revised_prompt: optionalText,
  /** Base64. */
  result: z.string(),
});
export type ImageGenerationCallItem = z.infer<typeof ImageGenerationCallItem>;

export const CompactionItem = z.object({
  type: z.literal('compaction'),
  encrypted_content: z.string(),
});
export type CompactionItem = z.infer<typeof CompactionItem>;

export const ContextCompactionItem = z.object({
  type: z.literal('context_compaction'),
  encrypted_content: optionalText,
});
export type ContextCompactionItem = z.infer<typeof ContextCompactionItem>;

/** Every item that is known here, as the API spells it. Members that are not known are dropped. */
export const KnownItem = z.discriminatedUnion('type', [
  MessageItem,
  ReasoningItem,
  FunctionCallItem,
  FunctionCallOutputItem,
  CustomToolCallItem,
  CustomToolCallOutputItem,
  LocalShellCallItem,
  ToolSearchCallItem,
  ToolSearchOutputItem,
  WebSearchCallItem,
  ImageGenerationCallItem,
  CompactionItem,
  ContextCompactionItem,
]);

/** An item of a type that is not known here. It is told, but neither recorded nor sent. */
export interface OtherItem {
  readonly type: 'other';
  readonly itemType: string;
}

/** One item of a model's input or output. */
export type ResponseItem = z.infer<typeof KnownItem> | OtherItem;
