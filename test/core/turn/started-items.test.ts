import { expect, it } from 'vitest';
import { StartedItems } from '../../../src/core/turn/stream/started-items.ts';
import type { ThreadItem } from '../../../src/protocol/index.ts';

const MESSAGE: ThreadItem = { type: 'agentMessage', id: 'm', text: '', phase: null, memoryCitation: null };
const SEARCH: ThreadItem = { type: 'webSearch', id: 's', query: '', action: null };

function change(id: string): ThreadItem {
  return { type: 'fileChange', id, changes: [], status: 'inProgress' };
}

it('shows what is under way and can be asked about, and when everything began', () => {
  const items = new StartedItems();
  for (const item of [change('1'), MESSAGE, change('2'), SEARCH]) items.begin(item);
  const order = new Map([
    ['1', 0],
    ['m', 1],
    ['2', 2],
    ['s', 3],
  ]);
  const before = items.snapshot('U');
  expect(before).toEqual({ turnId: 'U', items: [change('1'), change('2'), SEARCH], order });
  items.end(change('1'));
  items.forgetResponse();
  expect(items.snapshot('U')).toEqual({ turnId: 'U', items: [change('2')], order });
  expect(before.items).toHaveLength(3);
});
