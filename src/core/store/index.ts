export type { ListedThread, ListProblem, ListQuery } from './list-threads.ts';
export { ThreadStore } from './thread-store.ts';
export type { ThreadStoreOptions } from './thread-store.ts';
