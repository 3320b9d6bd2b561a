export * from './get-auth-status.ts';
export * from './initialize.ts';
