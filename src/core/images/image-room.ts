import type { ResponseItem } from '../../responses/index.ts';
import { imagesOf, withTextForImages } from './map-images.ts';
import type { ImagePart } from './map-images.ts';

/**
 * How long all images of a history may be together, in characters of their data URLs, and how long those are that stay when
 * it is more. The difference makes room for a while, so that requests go on beginning as the ones before.
 */
const MAX_IMAGES_LENGTH = 32 * 1024 * 1024;
export const KEPT_IMAGES_LENGTH = 24 * 1024 * 1024;

const LEFT_OUT = '(an image, left out to make room for later ones)';

/** How long the images that items carry are together. An image that lies elsewhere takes no room. */
export function imagesLength(items: readonly ResponseItem[]): number {
  return items.flatMap(imagesOf).reduce((total, image) => total + lengthOf(image), 0);
}

export function isTooLongForImages(length: number): boolean {
  return length > MAX_IMAGES_LENGTH;
}

/** The items with a text for each of the oldest images, as many of them as have to go where there are too many. */
export function withRoomForImages(items: readonly ResponseItem[]): ResponseItem[] {
  const length = imagesLength(items);
  if (!isTooLongForImages(length)) return [...items];
  let excess = length - KEPT_IMAGES_LENGTH;
  return items.map((item) =>
    withTextForImages(item, (image) => {
      if (lengthOf(image) === 0 || excess <= 0) return null;
      excess -= lengthOf(image);
      return LEFT_OUT;
    }),
  );
}

function lengthOf({ image_url: url }: ImagePart): number {
  return /^data:/i.test(url) ? url.length : 0;
}
