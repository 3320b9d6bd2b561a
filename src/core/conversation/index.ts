export { Conversation } from './conversation.ts';
export type { AppendOutcome } from './conversation.ts';
export { isStopRequest } from './delegation.ts';
export type { Delegate } from './live-session.ts';
export type { Utterance } from './utterances.ts';
export { planStart } from './start-plan.ts';
export type { StartPlanOutcome } from './start-plan.ts';
export { defaultVoicePrompt, firstName } from './voice-prompt.ts';
