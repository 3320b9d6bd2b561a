export type { Environment } from './environment.ts';
export { NetworkConfigurationError } from './errors.ts';
export { createNetwork } from './network.ts';
export type { Network, NetworkDescription, NetworkOptions } from './network.ts';
export { proxyFor } from './proxy.ts';
export type { ProxyOutcome } from './proxy.ts';
export { loadTrustRoots } from './trust-roots.ts';
export type { TrustOutcome } from './trust-roots.ts';
