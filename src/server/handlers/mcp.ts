import { Accepted } from './handler.ts';
import type { Handler } from './handler.ts';

// Servers take their time, so other requests need not wait for them.

export const mcpServerStatusList: Handler<'mcpServerStatus/list'> = (params, { core, signal }) =>
  new Accepted(core.mcp.list(params, signal));

export const mcpResourceRead: Handler<'mcpServer/resource/read'> = (params, { core, signal }) =>
  new Accepted(core.mcp.readResource(params, signal));

export const mcpToolCall: Handler<'mcpServer/tool/call'> = (params, { core, signal }) =>
  new Accepted(core.mcp.callTool(params, signal));

export const mcpServerReload: Handler<'config/mcpServer/reload'> = (_params, { core, afterAnswer }) => {
  const apply = core.threads.reloadServers();
  afterAnswer(apply);
  return {};
};
