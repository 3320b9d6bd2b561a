import { configWarningOf, loadConfig, rulesWarnings } from '../../core/index.ts';
import { isHeaderValue } from '../../util/header-value.ts';
import { refusal } from '../errors.ts';
import type { Handler } from './handler.ts';

export const initialize: Handler<'initialize'> = (params, { core, connection, afterAnswer }) => {
  if (connection.isInitialized) throw refusal('alreadyInitialized', 'Already initialized');
  const { name, version } = params.clientInfo;
  if (!isHeaderValue(name)) {
    throw refusal(
      'invalidClientName',
      `Invalid clientInfo.name: '${name}'. Must be a valid HTTP header value.`,
    );
  }
  const { codexHome, configOverrides, identity } = core.environment;
  identity.introduce({ name, version });
  connection.initialize(params.capabilities ?? {});
  afterAnswer(() => {
    const config = loadConfig({ codexHome, overrides: configOverrides });
    if (!config.ok) connection.notify('configWarning', configWarningOf(config.error));
    for (const warning of rulesWarnings(codexHome)) connection.notify('configWarning', warning);
    connection.notify('remoteControl/status/changed', { status: 'disabled', environmentId: null });
  });
  return {
    userAgent: identity.userAgent({ name, version }),
    codexHome,
    platformFamily: process.platform === 'win32' ? 'windows' : 'unix',
    platformOs: PLATFORM_NAMES[process.platform] ?? process.platform,
  };
};

const PLATFORM_NAMES: Readonly<Record<string, string>> = { darwin: 'macos', win32: 'windows' };
