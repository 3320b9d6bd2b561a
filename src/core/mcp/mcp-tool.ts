import type { McpTool } from '../../mcp/index.ts';
import { shortened } from '../../util/shortened.ts';
import { parseObjectArguments } from '../tools/parameters.ts';
import type { Tool, ToolContext } from '../tools/tool.ts';
import { showCall } from './shown-call.ts';
import type { ThreadServer } from './thread-server.ts';
import { failureOutput, toolOutput } from './tool-output.ts';

const MAX_DESCRIPTION_LENGTH = 4_096;

export interface McpToolOptions {
  /** The name under which models call it. */
  readonly name: string;
  readonly tool: McpTool;
  readonly server: ThreadServer;
}

/** A tool of a server as one of the agent's own. It runs without asking: the user has configured the server. */
export function mcpTool({ name, server, tool }: McpToolOptions): Tool {
  return {
    names: [name],
    isParallel: server.config.supportsParallelToolCalls,
    definition: () => ({
      type: 'function',
      name,
      description: shortened(tool.description ?? tool.title ?? '', MAX_DESCRIPTION_LENGTH),
      strict: false,
      parameters: { properties: {}, ...tool.inputSchema, type: 'object' },
    }),
    run: async ({ callId, input }, context) => {
      const parsed = parseObjectArguments(input);
      if (!parsed.ok) return parsed.message;
      const call = {
        tool: tool.name,
        args: parsed.value,
        signal: context.signal,
        meta: metaOf(context),
        onProgress: (message: string) => context.reporter.mcpProgress(callId, message),
      };
      const shown = { id: callId, server: server.name, tool: tool.name, args: parsed.value };
      const end = await showCall(shown, context, () =>
        server.during(context.turnId, () => server.server.call(call)),
      );
      const { durationMs, result } = end;
      return result === null
        ? failureOutput(end.message, durationMs)
        : toolOutput({ durationMs, result }, context);
    },
  };
}

/** What requests to the model say of the turn, said to the server as well. */
function metaOf({ turnMetadata }: ToolContext): Record<string, unknown> | null {
  return turnMetadata === null ? null : { 'x-codex-turn-metadata': JSON.parse(turnMetadata) as unknown };
}
