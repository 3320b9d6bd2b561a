export { ImageReader } from './image-reader.ts';
export type { ImageUrl } from './image-reader.ts';
export { callWithLastImage, withoutImages, withoutImagesOf } from './refused-images.ts';
export { loadSharp } from './load-sharp.ts';
export { imagesLength, isTooLongForImages, KEPT_IMAGES_LENGTH, withRoomForImages } from './image-room.ts';
