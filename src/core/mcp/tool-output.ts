import { truncatedForModel } from '../../exec/index.ts';
import type { McpCallResult } from '../../mcp/index.ts';
import type { ToolOutput } from '../tools/tool.ts';

/** How much text of a result the model is given. */
const TEXT_LIMIT = { tokens: 10_000 };

type Block = McpCallResult['content'][number];

export interface ToolAnswer {
  readonly result: McpCallResult;
  readonly durationMs: number;
  /** Whether the model can look at images. */
  readonly seesImages: boolean;
}

/** A tool's result as the model is given it: the text behind how long it took, then the images. */
export function toolOutput({ durationMs, result, seesImages }: ToolAnswer): ToolOutput {
  const { content, isError, structuredContent } = result;
  const texts = content.flatMap((block) => textOf(block, seesImages));
  const hasText = texts.some((text) => text !== '');
  if (!hasText && structuredContent !== undefined) texts.push(JSON.stringify(structuredContent));
  const text = wallTimed(texts.join('\n'), durationMs, isError === true);
  const images = seesImages ? content.filter((block) => block.type === 'image') : [];
  if (images.length === 0) return text;
  return [
    { type: 'input_text', text },
    ...images.map(({ data, mimeType }) => ({
      type: 'input_image' as const,
      image_url: `data:${mimeType};base64,${data}`,
      detail: null,
    })),
  ];
}

/** What the model is told of a call that came to nothing. */
export function failureOutput(message: string, durationMs: number): string {
  return wallTimed(message, durationMs, true);
}

/** A text, cut in the middle where it is too long. */
export function textForModel(text: string): string {
  return truncatedForModel(text, TEXT_LIMIT);
}

function wallTimed(text: string, durationMs: number, isError: boolean): string {
  return [
    `Wall time: ${(durationMs / 1000).toFixed(4)} seconds`,
    ...(isError ? ['The tool reports an error.'] : []),
    'Output:',
    textForModel(text),
  ].join('\n');
}

function textOf(block: Block, seesImages: boolean): string[] {
  switch (block.type) {
    case 'text':
      return [block.text];
    case 'image':
      return seesImages ? [] : ['(an image, which this model cannot look at)'];
    case 'audio':
      return ['(a sound, which cannot be listened to here)'];
    case 'resource':
      return 'text' in block.resource ? [block.resource.text] : [`(a file: ${block.resource.uri})`];
    case 'resource_link':
      return [JSON.stringify({ name: block.name, uri: block.uri, description: block.description })];
  }
}
