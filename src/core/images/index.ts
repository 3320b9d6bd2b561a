export { images } from './image-reader.ts';
export type { ImageUrl } from './image-reader.ts';
export { callWithLastImage, withoutImages, withoutImagesOf } from './refused-images.ts';
export { imagesLength, isTooLongForImages, KEPT_IMAGES_LENGTH, withRoomForImages } from './image-room.ts';
