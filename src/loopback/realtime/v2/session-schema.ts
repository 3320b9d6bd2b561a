import * as z from 'zod';

/** The session objects that `session.update` may carry. A key that is left out keeps its value; null clears it. */

const VOICES = [
  'alloy',
  'ash',
  'ballad',
  'coral',
  'echo',
  'sage',
  'shimmer',
  'verse',
  'marin',
  'cedar',
] as const;

/** The loopback does not speak the telephone formats of the API. */
const audioFormat = z.strictObject({
  type: z.literal('audio/pcm', 'the loopback takes and gives audio/pcm only'),
  rate: z.literal(24_000, 'the rate has to be 24000').default(24_000),
});

const noiseReduction = z.strictObject({ type: z.enum(['near_field', 'far_field']) });

const transcription = z.strictObject({
  model: z.string().optional(),
  language: z.string().optional(),
  prompt: z.string().optional(),
  delay: z.enum(['minimal', 'low', 'medium', 'high', 'xhigh']).optional(),
});

const milliseconds = z.int().min(0).max(30_000);

/** Turn detection with every value that was left out filled in by the API's default. */
export const turnDetection = z.discriminatedUnion('type', [
  z.strictObject({
    type: z.literal('server_vad'),
    threshold: z.number().min(0).max(1).default(0.5),
    prefix_padding_ms: milliseconds.default(300),
    silence_duration_ms: milliseconds.default(500),
    idle_timeout_ms: z.int().min(5_000).max(30_000).nullable().default(null),
    create_response: z.boolean().default(true),
    interrupt_response: z.boolean().default(true),
  }),
  z.strictObject({
    type: z.literal('semantic_vad'),
    eagerness: z.enum(['low', 'medium', 'high', 'auto']).default('auto'),
    create_response: z.boolean().default(true),
    interrupt_response: z.boolean().default(true),
  }),
]);

const audioInput = z.strictObject({
  format: audioFormat.optional(),
  noise_reduction: noiseReduction.nullable().optional(),
  transcription: transcription.nullable().optional(),
  turn_detection: turnDetection.nullable().optional(),
});

const audioOutput = z.strictObject({
  format: audioFormat.optional(),
  speed: z.literal(1, 'the loopback plays at speed 1 only').optional(),
  voice: z.enum(VOICES).optional(),
});

const functionTool = z.strictObject({
  type: z.literal('function', 'the loopback calls function tools only'),
  name: z.string().min(1).max(128),
  description: z.string().optional(),
  parameters: z.record(z.string(), z.unknown()).optional(),
});

/** Tools as a session or a single response offers them. */
export const tools = z.array(functionTool).max(128);

export const toolChoice = z.union(
  [
    z.enum(['auto', 'none', 'required']),
    z.strictObject({ type: z.literal('function'), name: z.string() }),
    z.strictObject({
      type: z.literal('mcp'),
      server_label: z.string(),
      name: z.string().nullable().optional(),
    }),
  ],
  'it is neither auto, none, required, nor a tool',
);

export const outputModalities = z
  .array(z.enum(['text', 'audio']))
  .length(1, 'exactly one modality has to be given, text or audio');

export const maxOutputTokens = z.union(
  [z.int().min(1).max(4_096), z.literal('inf')],
  'it is neither an integer from 1 to 4096 nor inf',
);

export const reasoning = z.strictObject({
  effort: z.enum(['minimal', 'low', 'medium', 'high', 'xhigh']).optional(),
});

/** The longest text of any kind, in UTF-16 code units. */
export const LONGEST_TEXT = 1024 * 1024;

const include = z.array(z.literal('item.input_audio_transcription.logprobs')).nullable();

const tracing = z.union(
  [
    z.literal('auto'),
    z.strictObject({
      group_id: z.string().optional(),
      metadata: z.unknown().optional(),
      workflow_name: z.string().optional(),
    }),
  ],
  'it is neither auto nor a tracing configuration',
);

const truncation = z.union(
  [
    z.enum(['auto', 'disabled']),
    z.strictObject({
      type: z.literal('retention_ratio'),
      retention_ratio: z.number().min(0).max(1),
      token_limits: z.strictObject({ post_instructions: z.int().min(0).optional() }).optional(),
    }),
  ],
  'it is neither auto, disabled, nor a retention ratio',
);

const realtimeSession = z.strictObject({
  type: z.literal('realtime'),
  audio: z.strictObject({ input: audioInput.optional(), output: audioOutput.optional() }).optional(),
  include: include.optional(),
  instructions: z.string().max(LONGEST_TEXT).optional(),
  max_output_tokens: maxOutputTokens.optional(),
  model: z.string().optional(),
  output_modalities: outputModalities.optional(),
  parallel_tool_calls: z.boolean().optional(),
  prompt: z.record(z.string(), z.unknown()).nullable().optional(),
  reasoning: reasoning.optional(),
  tool_choice: toolChoice.optional(),
  tools: tools.optional(),
  tracing: tracing.nullable().optional(),
  truncation: truncation.optional(),
});

const transcriptionSession = z.strictObject({
  type: z.literal('transcription'),
  audio: z.strictObject({ input: audioInput.optional() }).optional(),
  include: include.optional(),
});

export const sessionUpdate = z.discriminatedUnion('type', [realtimeSession, transcriptionSession]);

export type SessionUpdate = z.output<typeof sessionUpdate>;
export type RealtimeSessionUpdate = z.output<typeof realtimeSession>;
export type AudioInputUpdate = z.output<typeof audioInput>;
export type TurnDetection = z.output<typeof turnDetection>;
export type Tool = z.output<typeof functionTool>;
export type ToolChoice = z.output<typeof toolChoice>;
