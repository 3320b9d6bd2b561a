import type { UserInput } from '../../protocol/index.ts';
import type { MessageItem } from '../../responses/index.ts';
import { readImage } from './image-file.ts';

type ContentPart = MessageItem['content'][number];

/** The most text that one turn may be given, in code points. */
export const MAX_INPUT_CHARACTERS = 1_048_576;

export function inputCharacters(input: readonly UserInput[]): number {
  let characters = 0;
  for (const part of input) if (part.type === 'text') for (const _ of part.text) characters += 1;
  return characters;
}

/**
 * What the user gave, as a message for the model. An image file that cannot be sent becomes a text that says so; skills
 * and mentions add nothing of their own.
 */
export async function userMessage(input: readonly UserInput[]): Promise<MessageItem> {
  const content: ContentPart[] = [];
  let images = 0;
  for (const part of input) {
    if (part.type === 'text') content.push({ type: 'input_text', text: part.text });
    else if (part.type === 'image') content.push(...imageParts('<image>', part.url));
    else if (part.type === 'localImage') {
      images += 1;
      content.push(...(await localImageParts(part.path, images)));
    }
  }
  return { type: 'message', role: 'user', content };
}

function imageParts(label: string, url: string): ContentPart[] {
  return [
    { type: 'input_text', text: label },
    { type: 'input_image', image_url: url, detail: 'high' },
    { type: 'input_text', text: '</image>' },
  ];
}

async function localImageParts(path: string, number: number): Promise<ContentPart[]> {
  const image = await readImage(path);
  return image.ok ? imageParts(`<image name=[Image #${number}]>`, image.url) : unreadable(path, image.reason);
}

function unreadable(path: string, reason: string): ContentPart[] {
  return [{ type: 'input_text', text: `The image at \`${path}\` could not be sent: ${reason}.` }];
}
