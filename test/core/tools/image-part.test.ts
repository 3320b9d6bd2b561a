import { describe, expect, it } from 'vitest';
import { toolOutput } from '../../../src/core/mcp/tool-output.ts';
import { dynamicTool } from '../../../src/core/tools/dynamic-tool.ts';
import type { ToolContext, ToolOutput } from '../../../src/core/tools/tool.ts';
import { bytesOf, imageOf, sharp, urlOf } from '../../support/images.ts';
import { openBench } from './bench.ts';

/** What a client's tool gives the model that answers with these images. */
function fromClient(urls: readonly string[], context: ToolContext): Promise<ToolOutput> {
  const contentItems = urls.map((imageUrl) => ({ type: 'inputImage' as const, imageUrl }));
  const spec = { name: 'look', description: '', inputSchema: {} };
  const tool = dynamicTool(spec, () => Promise.resolve({ contentItems, success: true } as never));
  return tool.run({ callId: 'c1', input: '{}' }, context);
}

/** What a tool of a server gives the model, without its text. */
async function fromServer(urls: readonly string[], context: ToolContext): Promise<ToolOutput> {
  const content = urls.map((url) => {
    const [type = '', data = ''] = url.split(';base64,');
    return { type: 'image' as const, mimeType: type.replace('data:', ''), data };
  });
  const [text, ...images] = await toolOutput({ durationMs: 0, result: { content } }, context);
  expect(text).toEqual({ type: 'input_text', text: 'Wall time: 0.0000 seconds\nOutput:\n' });
  return images as ToolOutput;
}

describe.each([
  ['a client', fromClient],
  ['a server', fromServer],
])('an image from the tool of %s', (_who, outputOf) => {
  it('is passed on as it is where it is small, whatever the model can be shown', async () => {
    const { context } = openBench();
    const model = { ...context.model, inputModalities: ['text' as const] };
    const image_url = 'data:image/png;base64,AAAA';
    expect(await outputOf([image_url, image_url], { ...context, model })).toEqual([
      { type: 'input_image', image_url, detail: null },
      { type: 'input_image', image_url, detail: null },
    ]);
  });

  it.skipIf(sharp === null)('is made smaller where it is large', async () => {
    const { context } = openBench();
    const large = await imageOf(2560, 1280, 'png', { isNoise: true });
    const [image] = await outputOf([urlOf('png', large)], context);
    if (typeof image !== 'object' || image.type !== 'input_image') throw new Error('no image');
    const { height, width } = (await sharp?.(bytesOf(image.image_url).bytes).metadata()) ?? {};
    expect([width, height]).toEqual([2048, 1024]);
  });

  it('is a text where it cannot be sent', async () => {
    const { context } = openBench();
    const url = `data:image/heic;base64,${'A'.repeat(12 * 1024 * 1024)}`;
    const reason = 'it is no GIF, JPEG, PNG or WebP image, and has more than 8388608 bytes';
    expect(await outputOf([url], context)).toEqual([
      { type: 'input_text', text: `An image cannot be shown: ${reason}.` },
    ]);
  });

  it('is of no interest any more when the turn is interrupted', async () => {
    const { context } = openBench();
    const url = `data:image/heic;base64,${'A'.repeat(2 * 1024 * 1024)}`;
    const signal = AbortSignal.abort(new Error('interrupted'));
    await expect(outputOf([url], { ...context, signal })).rejects.toThrow('interrupted');
  });
});

it('an image that lies elsewhere is a text where its address is too long', async () => {
  const { context } = openBench();
  const far = 'https://example.com/image.png';
  expect(await fromClient([far, far.padEnd(9_000, 'x')], context)).toEqual([
    { type: 'input_image', image_url: far, detail: null },
    { type: 'input_text', text: 'An image cannot be shown: its address has more than 8192 characters.' },
  ]);
});
