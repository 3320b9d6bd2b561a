export { AuthError } from './auth-error.ts';
export type { AuthErrorCode } from './auth-error.ts';
export type { AuthState, ChatgptAuth } from './auth-state.ts';
export { AuthStore } from './auth-store.ts';
