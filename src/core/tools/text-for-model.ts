import { truncatedForModel } from '../../exec/index.ts';

/** How much the model is given of one text that comes from outside. */
const TEXT_LIMIT = { tokens: 10_000 };

/** A text that comes from outside, cut in the middle where it is too long for the model. */
export function textForModel(text: string): string {
  return truncatedForModel(text, TEXT_LIMIT);
}
