export type { RecentThread } from './recent-work.ts';
export { startupContext } from './startup-context.ts';
export type { StartupContextSources } from './startup-context.ts';
