import type { UserInput } from '../../protocol/index.ts';
import type { MessageItem } from '../../responses/index.ts';
import { CoreError } from '../errors.ts';
import { KEPT_IMAGES_LENGTH } from '../images/index.ts';
import type { ImageReader, ImageUrl } from '../images/index.ts';

type ContentPart = MessageItem['content'][number];

/** The most text that one turn may be given, in code points. */
const MAX_INPUT_CHARACTERS = 1_048_576;

/** Throws `inputTooLarge`. */
export function checkInputSize(input: readonly UserInput[]): void {
  const characters = inputCharacters(input);
  if (characters <= MAX_INPUT_CHARACTERS) return;
  const message = `Input exceeds the maximum length of ${MAX_INPUT_CHARACTERS} characters.`;
  const details = {
    input_error_code: 'input_too_large',
    max_chars: MAX_INPUT_CHARACTERS,
    actual_chars: characters,
  };
  throw new CoreError('inputTooLarge', message, { details });
}

function inputCharacters(input: readonly UserInput[]): number {
  let characters = 0;
  for (const part of input) if (part.type === 'text') for (const _ of part.text) characters += 1;
  return characters;
}

/**
 * What the user gave, as a message for the model. An image that cannot be sent becomes a text that says so; skills and
 * mentions add nothing of their own. When the signal aborts, images that are not ready are not waited for.
 */
export async function userMessage(
  input: readonly UserInput[],
  images: ImageReader,
  signal: AbortSignal,
): Promise<MessageItem> {
  const content: ContentPart[] = [];
  let files = 0;
  let room = KEPT_IMAGES_LENGTH;
  const add = (label: string, name: string, image: ImageUrl): void => {
    const length = image.ok && /^data:/i.test(image.url) ? image.url.length : 0;
    if (!image.ok) content.push(notSent(name, image.reason));
    else if (length > room) content.push(notSent(name, NO_ROOM));
    else content.push(...imageParts(label, image.url));
    if (length <= room) room -= length;
  };
  for (const part of input) {
    if (part.type === 'text') content.push({ type: 'input_text', text: part.text });
    else if (part.type === 'image') add('<image>', 'An image', await images.fitUrl(part.url, signal));
    else if (part.type === 'localImage') {
      files += 1;
      const image = await images.read(part.path, { detail: 'fitting', signal });
      add(`<image name=[Image #${files}]>`, `The image at \`${part.path}\``, image);
    }
  }
  return { type: 'message', role: 'user', content };
}

const NO_ROOM = 'the images before it take up the room that there is';

function imageParts(label: string, url: string): ContentPart[] {
  return [
    { type: 'input_text', text: label },
    { type: 'input_image', image_url: url, detail: 'high' },
    { type: 'input_text', text: '</image>' },
  ];
}

function notSent(name: string, reason: string): ContentPart {
  return { type: 'input_text', text: `${name} could not be sent: ${reason}.` };
}

/** The words of an input, without anything between its parts. */
export function inputText(input: readonly UserInput[]): string {
  return input.map((part) => (part.type === 'text' ? part.text : '')).join('');
}
