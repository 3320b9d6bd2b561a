import {
  configurationInvalid,
  currentConfig,
  providerCapabilities,
  resolveProvider,
} from '../../core/index.ts';
import type { Handler } from './handler.ts';

export const modelList: Handler<'model/list'> = (params, { core }) => core.models.list(params);

export const modelProviderCapabilitiesRead: Handler<'modelProvider/capabilities/read'> = (
  _params,
  { core: { environment } },
) => {
  const resolved = resolveProvider(currentConfig(environment), environment.variables);
  if (!resolved.ok) throw configurationInvalid(resolved.message);
  return providerCapabilities(resolved.provider);
};
