import * as z from 'zod/mini';
import type { ThreadItem } from '../../protocol/index.ts';
import type { McpCallResult, McpServer, McpTool } from '../../mcp/index.ts';
import { errorMessage } from '../../util/errors.ts';
import { isNestedDeeper } from '../../util/nesting.ts';
import { parseArguments } from '../tools/parameters.ts';
import type { Tool, ToolContext } from '../tools/tool.ts';
import { failureOutput, toolOutput } from './tool-output.ts';

type McpItem = Extract<ThreadItem, { type: 'mcpToolCall' }>;

const Arguments = z.record(z.string(), z.unknown());

const DEEPEST_ARGUMENT = 64;

const MAX_DESCRIPTION_LENGTH = 4_096;

export interface McpToolOptions {
  /** The name under which models call it. */
  readonly name: string;
  readonly tool: McpTool;
  readonly server: McpServer;
  readonly isParallel: boolean;
  /** Does work while the server may ask about it on behalf of a turn. */
  readonly during: <T>(turnId: string, work: () => Promise<T>) => Promise<T>;
}

/** A tool of a server as one of the agent's own. It runs without asking: the user has configured the server. */
export function mcpTool({ during, isParallel, name, server, tool }: McpToolOptions): Tool {
  return {
    names: [name],
    isParallel,
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
      const item = itemOf(callId, server.name, tool, parsed.value);
      context.reporter.itemStarted(item);
      const startedAt = performance.now();
      const ended = (): number => Math.max(performance.now() - startedAt, 0);
      try {
        const call = {
          tool: tool.name,
          args: parsed.value,
          signal: context.signal,
          meta: metaOf(context),
          onProgress: (message: string) => context.reporter.mcpProgress(callId, message),
        };
        const result = await during(context.turnId, () => server.call(call));
        const durationMs = ended();
        context.reporter.itemCompleted({
          ...item,
          status: result.isError === true ? 'failed' : 'completed',
          result: resultView(result),
          durationMs: Math.round(durationMs),
        });
        const seesImages = context.model.inputModalities.includes('image');
        return toolOutput({ result, durationMs, seesImages });
      } catch (error) {
        const durationMs = ended();
        const isAborted = context.signal.aborted;
        const message = isAborted ? 'the turn was interrupted' : errorMessage(error);
        const failed = { status: 'failed' as const, error: { message }, durationMs: Math.round(durationMs) };
        context.reporter.itemCompleted({ ...item, ...failed });
        if (isAborted) throw error;
        return failureOutput(message, durationMs);
      }
    },
  };
}

function itemOf(id: string, server: string, tool: McpTool, args: Record<string, unknown>): McpItem {
  return {
    type: 'mcpToolCall',
    id,
    server,
    tool: tool.name,
    status: 'inProgress',
    arguments: args,
    result: null,
    error: null,
    durationMs: null,
  };
}

function resultView({ _meta, content, structuredContent }: McpCallResult): McpItem['result'] {
  return { content, structuredContent: structuredContent ?? null, _meta: _meta ?? null };
}

/** What requests to the model say of the turn, said to the server as well. */
function metaOf({ turnMetadata }: ToolContext): Record<string, unknown> | null {
  return turnMetadata === null ? null : { 'x-codex-turn-metadata': JSON.parse(turnMetadata) as unknown };
}
