export { AgentItems } from './agent-items.ts';
export { diffView } from './diff-view.ts';
export { Log } from './log.ts';
export { Transcript } from './transcript.ts';
export { Turns } from './turns.ts';
