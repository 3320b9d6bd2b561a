import { truncatedForModel } from '../../exec/index.ts';

/** How much the model is given of a text that comes from outside, or of all texts of one answer. */
export const TEXT_TOKENS = 10_000;

/** A text that comes from outside, cut in the middle where it is too long for the model. */
export function textForModel(text: string, tokens: number = TEXT_TOKENS): string {
  return truncatedForModel(text, { tokens });
}
