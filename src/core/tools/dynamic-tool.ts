import * as z from 'zod/mini';
import type { DynamicToolSpec, ThreadItem } from '../../protocol/index.ts';
import type { ToolDefinition } from '../../responses/index.ts';
import { isNestedDeeper } from '../../util/nesting.ts';
import { truncatedForModel } from '../../exec/index.ts';
import type { Ask, Questions } from '../questions.ts';
import { calledName } from './dynamic-tool-specs.ts';
import { parseArguments } from './parameters.ts';
import type { Tool, ToolContext, ToolOutput } from './tool.ts';

type DynamicItem = Extract<ThreadItem, { type: 'dynamicToolCall' }>;
type Answer = Questions['dynamicToolCall']['answer'];

const Arguments = z.record(z.string(), z.unknown());

const DEEPEST_ARGUMENT = 64;

/** How much of one text the model is given. */
const TEXT_LIMIT = { tokens: 10_000 };

/** What stands for an answer that does not come. */
const NO_ANSWER: Answer = {
  contentItems: [{ type: 'inputText', text: 'The client did not answer the call of its tool.' }],
  success: false,
};

const INTERRUPTED: Answer = {
  contentItems: [{ type: 'inputText', text: 'The turn was interrupted.' }],
  success: false,
};

/** A tool that the clients of a thread run: they are asked to, and their answer is what it gives. */
export function dynamicTool(spec: DynamicToolSpec, ask: Ask): Tool {
  return {
    names: [calledName(spec)],
    isParallel: false,
    definition: () => (spec.deferLoading === true ? null : definitionOf(spec)),
    run: async ({ callId, input }, context) => {
      const parsed = parseArguments(Arguments, input);
      if (!parsed.ok) return parsed.message;
      if (isNestedDeeper(parsed.value, DEEPEST_ARGUMENT)) {
        return 'failed to parse function arguments: they are nested too deep';
      }
      return run(spec, callId, parsed.value, context, ask);
    },
  };
}

/** The tools of one namespace are told of together. */
function definitionOf({ description, inputSchema, name, namespace }: DynamicToolSpec): ToolDefinition {
  const parameters = { properties: {}, ...(inputSchema as Record<string, unknown>), type: 'object' };
  const tool = { type: 'function', name, description, strict: false, parameters };
  if (namespace == null) return tool;
  return {
    type: 'namespace',
    name: namespace,
    description: `Tools in the namespace ${namespace}.`,
    tools: [tool],
  };
}

async function run(
  { name, namespace }: DynamicToolSpec,
  callId: string,
  args: Readonly<Record<string, unknown>>,
  { model, reporter, signal, threadId, turnId }: ToolContext,
  ask: Ask,
): Promise<ToolOutput> {
  const called = { namespace: namespace ?? null, tool: name, arguments: args };
  const item: DynamicItem = {
    type: 'dynamicToolCall',
    id: callId,
    ...called,
    status: 'inProgress',
    contentItems: null,
    success: null,
    durationMs: null,
  };
  reporter.itemStarted(item);
  const startedAt = performance.now();
  const end = ({ contentItems, success }: Answer): void =>
    reporter.itemCompleted({
      ...item,
      status: success ? 'completed' : 'failed',
      contentItems,
      success,
      durationMs: Math.max(Math.round(performance.now() - startedAt), 0),
    });
  try {
    const answer =
      (await ask('dynamicToolCall', { threadId, turnId, callId, ...called }, signal)) ?? NO_ANSWER;
    end(answer);
    return outputOf(answer, model.inputModalities.includes('image'));
  } catch (error) {
    end(INTERRUPTED);
    throw error;
  }
}

/** One text is given as it is, and anything else as a list. */
function outputOf({ contentItems }: Answer, seesImages: boolean): ToolOutput {
  const parts = contentItems.map((part) => {
    if (part.type === 'inputText') return { type: 'input_text' as const, text: forModel(part.text) };
    return seesImages
      ? { type: 'input_image' as const, image_url: part.imageUrl, detail: null }
      : { type: 'input_text' as const, text: '(an image, which this model cannot look at)' };
  });
  const [first] = parts;
  return parts.length === 1 && first?.type === 'input_text' ? first.text : parts;
}

function forModel(text: string): string {
  return truncatedForModel(text, TEXT_LIMIT);
}
