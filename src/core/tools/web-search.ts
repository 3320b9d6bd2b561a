import { providerCapabilities } from '../provider/index.ts';
import type { HostedTool } from './tool.ts';

/**
 * Lets the provider search the web for the model. Where the user lets the agent do anything, it searches the web itself,
 * unless the search is turned off.
 */
export const webSearch: HostedTool = {
  names: ['web_search'],
  definition: ({ config, settings }) => {
    const { allowedDomains, contextSize, location, mode } = config.webSearch;
    const { webSearch: isServed } = providerCapabilities({ id: config.modelProvider });
    if (mode === 'disabled' || !isServed) return null;
    return {
      type: 'web_search',
      external_web_access: mode === 'live' || settings.sandbox.type === 'dangerFullAccess',
      ...(allowedDomains === null ? {} : { filters: { allowed_domains: allowedDomains } }),
      ...(location === null ? {} : { user_location: { type: 'approximate', ...location } }),
      ...(contextSize === null ? {} : { search_context_size: contextSize }),
    };
  },
};
