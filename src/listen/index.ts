export { authPolicy } from './auth/policy.ts';
export { LISTENER_LIMITS } from './limits.ts';
export { openListener } from './listener.ts';
export type { Listener, ListenAddress } from './listener.ts';
export type { Reply } from './http.ts';
export type { Site } from './site.ts';
export { usualSocketPath } from './unix-socket.ts';
