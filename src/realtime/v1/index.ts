import type { ClientEvent, WireVersion } from '../wire-version.ts';
import { V1_DECODERS } from './decode.ts';

/** Stands before everything that the agent says; the wire asks for it, quotation marks included. */
const AGENT_LABEL = '"Agent Final Message":\n\n';

function handoffAppend(callId: string, text: string): ClientEvent {
  return { type: 'conversation.handoff.append', handoff_id: callId, output_text: AGENT_LABEL + text };
}

/** Version 1, whose session type is `quicksilver`: always conversational, always spoken. */
export const V1: WireVersion = {
  name: 'v1',
  intent: 'quicksilver',
  outputModalities: ['audio'],
  decoders: V1_DECODERS,
  session: ({ instructions, voice }) => ({
    type: 'quicksilver',
    instructions,
    audio: { input: { format: { type: 'audio/pcm', rate: 24_000 } }, output: { voice } },
  }),
  markUserText: (text) => text,
  userText: (text) => ({
    type: 'conversation.item.create',
    item: { type: 'message', role: 'user', content: [{ type: 'text', text }] },
  }),
  truncate: () => null,
  toolOutput: () => null,
  agentMessage: handoffAppend,
  handoffOutput: handoffAppend,
  answersByMessages: true,
  responseCreate: null,
};
