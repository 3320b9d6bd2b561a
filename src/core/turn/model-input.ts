import type { UserInput } from '../../protocol/index.ts';
import type { ResponseItem } from '../../responses/index.ts';

/** The most text that one turn may be given, in code points. */
export const MAX_INPUT_CHARACTERS = 1_048_576;

export function inputCharacters(input: readonly UserInput[]): number {
  let characters = 0;
  for (const part of input) if (part.type === 'text') for (const _ of part.text) characters += 1;
  return characters;
}

/** What the user gave, as a message for the model. Parts the model has no use for are left out. */
export function userMessage(input: readonly UserInput[]): ResponseItem {
  const content = input.flatMap((part): object[] => {
    switch (part.type) {
      case 'text':
        return [{ type: 'input_text', text: part.text }];
      case 'image':
        return [{ type: 'input_image', image_url: part.url }];
      default:
        return [];
    }
  });
  return { type: 'message', role: 'user', content };
}
