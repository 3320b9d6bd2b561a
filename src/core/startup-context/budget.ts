import { truncated } from '../../util/text-budget.ts';
import { textTokens } from '../../util/text-budget.ts';

/**
 * The text cut in its middle until it takes no more than so many tokens, the mark that says how much is gone included.
 * Empty where not even the mark has room. It keeps as much as four bytes for a token allow.
 */
export function fitted(text: string, tokens: number): string {
  for (let kept = tokens; kept > 0;) {
    const shown = truncated(text, kept);
    const excess = textTokens(shown) - tokens;
    if (excess <= 0) return shown;
    kept -= excess;
  }
  const mark = truncated(text, 0);
  return textTokens(mark) <= tokens ? mark : '';
}
