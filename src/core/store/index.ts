export type { ListedThread, ListProblem, ListQuery, ThreadPage } from './list-threads.ts';
export { ThreadStore } from './thread-store.ts';
export type { FoundThread, ThreadStoreOptions } from './thread-store.ts';
