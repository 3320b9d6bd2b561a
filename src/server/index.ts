export { AppServer } from './app-server.ts';
export type { AcceptedClient } from './app-server.ts';
