import type { DynamicToolSpec, ThreadItem } from '../../protocol/index.ts';
import type { ToolDefinition } from '../../responses/index.ts';
import { textTokens } from '../../util/text-budget.ts';
import type { Ask, Questions } from '../questions.ts';
import { calledName } from './dynamic-tool-specs.ts';
import { imagePart, leftOutImages, MAX_IMAGES } from './image-part.ts';
import type { OutputPart } from './image-part.ts';
import { parseObjectArguments } from './parameters.ts';
import { TEXT_TOKENS, textForModel } from './text-for-model.ts';
import type { Tool, ToolContext, ToolOutput } from './tool.ts';

type DynamicItem = Extract<ThreadItem, { type: 'dynamicToolCall' }>;
type Answer = Questions['dynamicToolCall']['answer'];

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
      const parsed = parseObjectArguments(input);
      return parsed.ok ? run(spec, callId, parsed.value, context, ask) : parsed.message;
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
  context: ToolContext,
  ask: Ask,
): Promise<ToolOutput> {
  const { reporter, signal, threadId, turnId } = context;
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
  let answer: Answer;
  try {
    const params = { threadId, turnId, callId, ...called };
    answer = (await ask('dynamicToolCall', params, signal)) ?? NO_ANSWER;
  } catch (error) {
    end(INTERRUPTED);
    throw error;
  }
  end(answer);
  return outputOf(answer, context);
}

/** One text is given as it is, and anything else as a list. All texts together take no more than one alone may. */
async function outputOf({ contentItems }: Answer, context: ToolContext): Promise<ToolOutput> {
  const [first, ...more] = contentItems;
  if (first?.type === 'inputText' && more.length === 0) return textForModel(first.text);
  const parts: Promise<OutputPart>[] = [];
  let tokens = TEXT_TOKENS;
  let texts = 0;
  let images = 0;
  for (const part of contentItems) {
    if (part.type === 'inputImage') {
      images += 1;
      if (images <= MAX_IMAGES) parts.push(imagePart(part.imageUrl, context));
    } else if (tokens > 0) {
      parts.push(Promise.resolve(textPart(part.text, tokens)));
      // A part takes some room even if its text is empty.
      tokens -= Math.max(textTokens(part.text), 1);
    } else {
      texts += 1;
    }
  }
  const leftOut = [...leftOutTexts(texts), ...leftOutImages(images - MAX_IMAGES)];
  return [...(await Promise.all(parts)), ...leftOut];
}

function textPart(text: string, tokens: number): OutputPart {
  return { type: 'input_text', text: textForModel(text, tokens) };
}

function leftOutTexts(count: number): OutputPart[] {
  if (count === 0) return [];
  return [{ type: 'input_text', text: `(${count} more texts, left out: the answer is too long)` }];
}
