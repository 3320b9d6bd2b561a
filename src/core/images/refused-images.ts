import type { ResponseItem } from '../../responses/index.ts';
import { imagesOf, withTextForImages } from './map-images.ts';

/** What the model is told in the place of an image that its provider could not read. */
const INVALID_IMAGE = 'Invalid image';

/** What a model is told that cannot be shown an image. */
const UNSEEN_IMAGE = '(an image, which this model cannot be shown)';

type OutputItem = Extract<ResponseItem, { type: 'function_call_output' | 'custom_tool_call_output' }>;

/**
 * The call whose output is the last thing with an image that the model is shown, so that a provider that refuses an image is
 * most likely to mean this one. Null where the user showed an image after it, and where no output has one.
 */
export function callWithLastImage(items: readonly ResponseItem[]): string | null {
  const last = items.findLast((item) => imagesOf(item).length > 0);
  return last !== undefined && isOutput(last) ? last.call_id : null;
}

/** The items with a text for each image of the last output of this call that has any. */
export function withoutImagesOf(items: readonly ResponseItem[], callId: string): ResponseItem[] {
  const at = items.findLastIndex(
    (item) => isOutput(item) && item.call_id === callId && imagesOf(item).length > 0,
  );
  return items.map((item, index) => (index === at ? withTextForImages(item, () => INVALID_IMAGE) : item));
}

/** The items for a model that cannot be shown images. */
export function withoutImages(items: readonly ResponseItem[]): ResponseItem[] {
  return items.map((item) => withTextForImages(item, () => UNSEEN_IMAGE));
}

function isOutput(item: ResponseItem): item is OutputItem {
  return item.type === 'function_call_output' || item.type === 'custom_tool_call_output';
}
