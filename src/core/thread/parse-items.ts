import { parseItem } from '../../responses/index.ts';
import type { ResponseItem } from '../../responses/index.ts';
import { CoreError } from '../errors.ts';

/** Reads response items that a client gives; `name` is that of the parameter. Throws `invalidInput` naming the first that is none. */
export function parseItems(name: string, values: readonly unknown[]): ResponseItem[] {
  return values.map((value, index) => {
    const item = parseItem(value);
    if (item !== null && item.type !== 'other') return item;
    const reason =
      item === null ? 'it lacks what its type needs, or has no type' : `unknown type \`${item.itemType}\``;
    throw new CoreError('invalidInput', `${name}[${index}] is not a valid response item: ${reason}`);
  });
}
