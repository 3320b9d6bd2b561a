import type { ResponseItem } from '../../responses/index.ts';

export interface ImagePart {
  readonly type: 'input_image';
  /** A data URL, or where the image lies. */
  readonly image_url: string;
}

type Part = { readonly type: string };

/** The images that an item carries. */
export function imagesOf(item: ResponseItem): ImagePart[] {
  return partsOf(item).filter(isImage);
}

/** An item with a text for each image for which one is given; null leaves the image. Without a change it is the same item. */
export function withTextForImages(
  item: ResponseItem,
  textFor: (image: ImagePart) => string | null,
): ResponseItem {
  const texts = imagesOf(item).map(textFor);
  if (texts.every((text) => text === null)) return item;
  const mapped = <T extends Part>(part: T): T | { readonly type: 'input_text'; readonly text: string } => {
    const text = isImage(part) ? (texts.shift() ?? null) : null;
    return text === null ? part : { type: 'input_text', text };
  };
  switch (item.type) {
    case 'message':
      return { ...item, content: item.content.map(mapped) };
    case 'function_call_output':
    case 'custom_tool_call_output':
      return typeof item.output === 'string' ? item : { ...item, output: item.output.map(mapped) };
    default:
      return item;
  }
}

function partsOf(item: ResponseItem): readonly Part[] {
  switch (item.type) {
    case 'message':
      return item.content;
    case 'function_call_output':
    case 'custom_tool_call_output':
      return typeof item.output === 'string' ? [] : item.output;
    default:
      return [];
  }
}

function isImage(part: Part): part is ImagePart {
  return part.type === 'input_image' && 'image_url' in part && typeof part.image_url === 'string';
}
