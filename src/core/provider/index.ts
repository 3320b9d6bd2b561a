export { authorization } from './authorization.ts';
export { providerCapabilities } from './capabilities.ts';
export { providerHeaders, queryParams } from './headers.ts';
export type { Environment, ModelProvider } from './model-provider.ts';
export { realtimeApiKey } from './realtime-key.ts';
export { providerBaseUrl, resolveProvider } from './resolve-provider.ts';
