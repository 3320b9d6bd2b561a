export { Conversation } from './conversation.ts';
export type { AppendOutcome } from './conversation.ts';
export type { Utterance } from './utterances.ts';
export { planStart } from './start-plan.ts';
export { defaultVoicePrompt, firstName } from './voice-prompt.ts';
