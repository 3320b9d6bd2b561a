import * as z from 'zod/mini';
import type { McpTool } from '../../mcp/index.ts';
import { isNestedDeeper } from '../../util/nesting.ts';
import { parseArguments } from '../tools/parameters.ts';
import type { Tool, ToolContext } from '../tools/tool.ts';
import { showCall } from './shown-call.ts';
import type { ThreadServer } from './thread-server.ts';
import { failureOutput, toolOutput } from './tool-output.ts';

const Arguments = z.record(z.string(), z.unknown());

export const DEEPEST_ARGUMENT = 64;

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
      description: (tool.description ?? tool.title ?? '').slice(0, MAX_DESCRIPTION_LENGTH),
      strict: false,
      parameters: { properties: {}, ...tool.inputSchema, type: 'object' },
    }),
    run: async ({ callId, input }, context) => {
      const parsed = parseArguments(Arguments, input);
      if (!parsed.ok) return parsed.message;
      if (isNestedDeeper(parsed.value, DEEPEST_ARGUMENT)) {
        return 'failed to parse function arguments: they are nested too deep';
      }
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
      if (end.result === null) return failureOutput(end.message, end.durationMs);
      const seesImages = context.model.inputModalities.includes('image');
      return toolOutput({ result: end.result, durationMs: end.durationMs, seesImages });
    },
  };
}

/** What requests to the model say of the turn, said to the server as well. */
function metaOf({ turnMetadata }: ToolContext): Record<string, unknown> | null {
  return turnMetadata === null ? null : { 'x-codex-turn-metadata': JSON.parse(turnMetadata) as unknown };
}
