export { AuthError } from './auth-error.ts';
export type { AuthState } from './auth-state.ts';
export { AuthStore } from './auth-store.ts';
