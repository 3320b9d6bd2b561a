import type { ToolContext, ToolOutput } from './tool.ts';

/** How many images one output can show. */
export const MAX_IMAGES = 8;

/** How long the address of an image may be that lies elsewhere. */
const MAX_ADDRESS_LENGTH = 8_192;

export type OutputPart = Exclude<ToolOutput, string>[number];

/**
 * An image that comes from outside as a part of an output: made to fit, or a text that says why it cannot be shown. Whether the
 * model can be shown images at all is of no matter here; each request looks after that. Rejects when the turn is interrupted.
 */
export async function imagePart(
  url: string,
  { signal, workbench }: Pick<ToolContext, 'signal' | 'workbench'>,
): Promise<OutputPart> {
  if (url.length > MAX_ADDRESS_LENGTH && !/^data:/i.test(url)) {
    return unseen(`its address has more than ${MAX_ADDRESS_LENGTH} characters`);
  }
  const image = await workbench.images.fitUrl(url, signal);
  signal.throwIfAborted();
  if (!image.ok) return unseen(image.reason);
  return { type: 'input_image', image_url: image.url, detail: null };
}

/** The images of one output, as many of them as it can show, and a text for the others. Rejects as `imagePart`. */
export async function imageParts(
  urls: readonly string[],
  context: Pick<ToolContext, 'signal' | 'workbench'>,
): Promise<OutputPart[]> {
  const shown = urls.slice(0, MAX_IMAGES).map((url) => imagePart(url, context));
  return [...(await Promise.all(shown)), ...leftOutImages(urls.length - shown.length)];
}

/** What stands for images that are too many. */
export function leftOutImages(count: number): OutputPart[] {
  if (count <= 0) return [];
  return [{ type: 'input_text', text: `(${count} more images, left out: at most ${MAX_IMAGES} are shown)` }];
}

function unseen(reason: string): OutputPart {
  return { type: 'input_text', text: `An image cannot be shown: ${reason}.` };
}
