export type { TalkOptions } from './options.ts';
export { runTalk } from './run-talk.ts';
