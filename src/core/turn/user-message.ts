import { readFile, stat } from 'node:fs/promises';
import { extname } from 'node:path';
import type { UserInput } from '../../protocol/index.ts';
import type { MessageItem } from '../../responses/index.ts';
import { errorCode } from '../../util/error-code.ts';

type ContentPart = MessageItem['content'][number];

/** The most text that one turn may be given, in code points. */
export const MAX_INPUT_CHARACTERS = 1_048_576;

/** The largest image file that is sent, in bytes. */
const MAX_IMAGE_BYTES = 20 * 1024 * 1024;

const IMAGE_TYPES: Readonly<Record<string, string>> = {
  '.gif': 'image/gif',
  '.jpeg': 'image/jpeg',
  '.jpg': 'image/jpeg',
  '.png': 'image/png',
  '.webp': 'image/webp',
};

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
  const type = IMAGE_TYPES[extname(path).toLowerCase()];
  if (type === undefined) return unreadable(path, 'it is no GIF, JPEG, PNG or WebP file');
  try {
    const file = await stat(path);
    if (!file.isFile()) return unreadable(path, 'it is no regular file');
    if (file.size > MAX_IMAGE_BYTES) return unreadable(path, `it is larger than ${MAX_IMAGE_BYTES} bytes`);
    const url = `data:${type};base64,${await readFile(path, 'base64')}`;
    return imageParts(`<image name=[Image #${number}]>`, url);
  } catch (error) {
    return unreadable(path, errorCode(error));
  }
}

function unreadable(path: string, reason: string): ContentPart[] {
  return [{ type: 'input_text', text: `The image at \`${path}\` could not be sent: ${reason}.` }];
}
