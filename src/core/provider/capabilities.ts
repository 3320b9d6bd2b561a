import type { ModelProviderCapabilitiesReadResponse } from '../../protocol/index.ts';
import { isLocalProvider } from './built-in.ts';
import type { ModelProvider } from './model-provider.ts';

/** Which tools a provider is taken to serve: a server on this machine neither searches the web nor draws. */
export function providerCapabilities({
  id,
}: Pick<ModelProvider, 'id'>): ModelProviderCapabilitiesReadResponse {
  const isHosted = !isLocalProvider(id);
  return { namespaceTools: true, imageGeneration: isHosted, webSearch: isHosted };
}
