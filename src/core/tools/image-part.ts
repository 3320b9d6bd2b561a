import type { ToolContext, ToolOutput } from './tool.ts';

export type OutputPart = Exclude<ToolOutput, string>[number];

/**
 * An image that comes from outside as a part of an output: made to fit, or a text that says why it cannot be shown. Whether the
 * model can be shown images at all is of no matter here; each request looks after that. Rejects when the turn is interrupted.
 */
export async function imagePart(
  url: string,
  { signal, workbench }: Pick<ToolContext, 'signal' | 'workbench'>,
): Promise<OutputPart> {
  const image = await workbench.images.fitUrl(url, signal);
  signal.throwIfAborted();
  if (!image.ok) return { type: 'input_text', text: `An image cannot be shown: ${image.reason}.` };
  return { type: 'input_image', image_url: image.url, detail: null };
}
