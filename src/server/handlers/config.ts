import { readConfiguration } from '../../core/index.ts';
import type { Handler } from './handler.ts';

export const configRead: Handler<'config/read'> = (params, { core }) =>
  readConfiguration(core.environment, params);

/** Nothing is prescribed by whoever manages the machine. */
export const configRequirementsRead: Handler<'configRequirements/read'> = () => ({ requirements: null });
