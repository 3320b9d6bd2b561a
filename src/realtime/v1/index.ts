import type { WireVersion } from '../wire-version.ts';
import { V1_DECODERS } from './decode.ts';

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
  userText: (text) => ({
    type: 'conversation.item.create',
    item: { type: 'message', role: 'user', content: [{ type: 'text', text }] },
  }),
  truncate: () => null,
  toolOutput: () => null,
};
