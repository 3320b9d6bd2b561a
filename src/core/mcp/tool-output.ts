import type { McpCallResult } from '../../mcp/index.ts';
import { imageParts } from '../tools/image-part.ts';
import { textForModel } from '../tools/text-for-model.ts';
import type { ToolContext, ToolOutput } from '../tools/tool.ts';

type Block = McpCallResult['content'][number];

export interface ToolAnswer {
  readonly result: McpCallResult;
  readonly durationMs: number;
}

/**
 * A tool's result as the model is given it: the text behind how long it took, then the images. Rejects when the turn is
 * interrupted.
 */
export async function toolOutput(
  { durationMs, result }: ToolAnswer,
  context: ToolContext,
): Promise<ToolOutput> {
  const { content, isError, structuredContent } = result;
  const texts = content.flatMap(textOf);
  const hasText = texts.some((text) => text !== '');
  if (!hasText && structuredContent !== undefined) texts.push(JSON.stringify(structuredContent));
  const text = wallTimed(texts.join('\n'), durationMs, isError === true);
  const images = content.filter((block) => block.type === 'image');
  if (images.length === 0) return text;
  const urls = images.map(({ data, mimeType }) => `data:${mimeType};base64,${data}`);
  return [{ type: 'input_text', text }, ...(await imageParts(urls, context))];
}

/** What the model is told of a call that came to nothing. */
export function failureOutput(message: string, durationMs: number): string {
  return wallTimed(message, durationMs, true);
}

function wallTimed(text: string, durationMs: number, isError: boolean): string {
  return [
    `Wall time: ${(durationMs / 1000).toFixed(4)} seconds`,
    ...(isError ? ['The tool reports an error.'] : []),
    'Output:',
    textForModel(text),
  ].join('\n');
}

function textOf(block: Block): string[] {
  switch (block.type) {
    case 'text':
      return [block.text];
    case 'image':
      return [];
    case 'audio':
      return ['(a sound, which cannot be listened to here)'];
    case 'resource':
      return 'text' in block.resource ? [block.resource.text] : [`(a file: ${block.resource.uri})`];
    case 'resource_link':
      return [JSON.stringify({ name: block.name, uri: block.uri, description: block.description })];
  }
}
