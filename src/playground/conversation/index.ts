export { AgentItems } from './agent-items.ts';
export { APPROVAL_METHODS, Approvals } from './approvals.ts';
export { Log } from './log.ts';
export { Transcript } from './transcript.ts';
export { Turns } from './turns.ts';
