import type {
  ConversationItemCreateEvent,
  ConversationItemTruncateEvent,
  RealtimeSessionCreateRequest,
  RealtimeTranscriptionSessionCreateRequest,
  ResponseCreateEvent,
} from 'openai/resources/realtime/realtime';
import type { RealtimeVoice } from '../../protocol/index.ts';
import type { ClientEvent, SessionSettings, WireVersion } from '../wire-version.ts';
import { V2_DECODERS } from './decode.ts';
import { TOOLS } from './tools.ts';

/** What the user typed and what the background agent reports are both user messages on the wire; these tell them apart. */
const USER_MARK = '[USER] ';
const AGENT_MARK = '[BACKEND] ';

const INPUT_FORMAT = { type: 'audio/pcm', rate: 24_000 } as const;
const TRANSCRIPTION = { model: 'gpt-4o-mini-transcribe' } as const;

/** Version 2, the generally available API. Each event is checked against the API's published types. */
export const V2: WireVersion = {
  name: 'v2',
  intent: null,
  outputModalities: ['audio', 'text'],
  decoders: V2_DECODERS,
  session: (settings) =>
    settings.mode === 'transcription' ? { ...TRANSCRIPTION_SESSION } : { ...conversationSession(settings) },
  markUserText: (text) => marked(USER_MARK, text),
  userText: (text) => userMessage(marked(USER_MARK, text)),
  truncate: (itemId, audioEndMs) =>
    ({
      type: 'conversation.item.truncate',
      item_id: itemId,
      content_index: 0,
      audio_end_ms: audioEndMs,
    }) satisfies ConversationItemTruncateEvent,
  toolOutput: callOutput,
  agentMessage: (_callId, text) => userMessage(marked(AGENT_MARK, text)),
  handoffOutput: callOutput,
  answersByMessages: false,
  responseCreate: { type: 'response.create' } satisfies ResponseCreateEvent,
};

function marked(mark: string, text: string): string {
  return text === '' || text.startsWith(mark) ? text : mark + text;
}

function userMessage(text: string): ClientEvent {
  return {
    type: 'conversation.item.create',
    item: { type: 'message', role: 'user', content: [{ type: 'input_text', text }] },
  } satisfies ConversationItemCreateEvent;
}

function callOutput(callId: string, output: string): ClientEvent {
  return {
    type: 'conversation.item.create',
    item: { type: 'function_call_output', call_id: callId, output },
  } satisfies ConversationItemCreateEvent;
}

const TRANSCRIPTION_SESSION = {
  type: 'transcription',
  audio: { input: { format: INPUT_FORMAT, transcription: TRANSCRIPTION } },
} satisfies RealtimeTranscriptionSessionCreateRequest;

function conversationSession({
  instructions,
  outputModality,
  voice,
}: SessionSettings): RealtimeSessionCreateRequest {
  return {
    type: 'realtime',
    instructions,
    output_modalities: [outputModality],
    audio: {
      input: {
        format: INPUT_FORMAT,
        noise_reduction: { type: 'near_field' },
        transcription: TRANSCRIPTION,
        turn_detection: {
          type: 'server_vad',
          interrupt_response: true,
          create_response: true,
          silence_duration_ms: 500,
        },
      },
      output: { format: INPUT_FORMAT, voice: voice satisfies RealtimeVoice },
    },
    tools: TOOLS,
    tool_choice: 'auto',
  };
}
