import { afterEach, describe, expect, it } from 'vitest';
import { allPages, idOf, numbersOf, openHome } from './support/home.ts';

const before = process.env['TZ'];

afterEach(() => {
  if (before === undefined) delete process.env['TZ'];
  else process.env['TZ'] = before;
});

describe('a list in a local time', () => {
  it('reads names as local time, and has true times in its cursors', async () => {
    process.env['TZ'] = 'Asia/Tokyo';
    const home = await openHome();
    await home.put(
      { stamp: '2025-03-07T01-00-00', id: idOf(1) },
      { stamp: '2025-03-07T00-30-00', id: idOf(2) },
      { stamp: '2025-03-06T23-59-59', id: idOf(3) },
    );
    const page = await home.list({ limit: 2 });
    expect(page.data.map(({ createdAtMs }) => new Date(createdAtMs).toISOString())).toEqual([
      '2025-03-06T16:00:00.000Z',
      '2025-03-06T15:30:00.000Z',
    ]);
    expect([page.nextCursor, page.backwardsCursor]).toEqual([
      '2025-03-06T15:30:00Z',
      '2025-03-06T15:59:59.999Z',
    ]);
    expect(numbersOf(await home.list({ cursor: page.nextCursor }))).toEqual([3]);
    expect(numbersOf(await home.list({ cursor: '2025-03-07T00-30-00' }))).toEqual([3]);
    expect(numbersOf(await home.list({ cursor: page.backwardsCursor, sortDirection: 'asc' }))).toEqual([1]);
  });

  it('gives each thread once where the clocks were changed', async () => {
    process.env['TZ'] = 'Europe/Berlin';
    const home = await openHome();
    const stamps = [
      // The clocks went from 2 to 3: a name of the hour between comes from another time zone.
      '2025-03-30T01-59-59',
      '2025-03-30T02-30-00',
      '2025-03-30T03-10-00',
      '2025-03-30T03-30-00',
      // The clocks went from 3 to 2.
      '2025-10-26T01-59-59',
      '2025-10-26T02-30-00',
      '2025-10-26T03-00-00',
    ];
    await home.put(...stamps.map((stamp, index) => ({ stamp, id: idOf(index) })));
    const order = [6, 5, 4, 3, 1, 2, 0];
    expect((await allPages(home, { limit: 1 })).flat()).toEqual(order);
    expect((await allPages(home, { limit: 3 })).flat()).toEqual(order);
    expect((await allPages(home, { limit: 1, sortDirection: 'asc' })).flat()).toEqual([0, 2, 3, 1, 4, 5, 6]);
  });

  it('keeps the order where the clocks were changed at midnight', async () => {
    process.env['TZ'] = 'Pacific/Apia';
    const home = await openHome();
    // There was no 30 December 2011 in Samoa.
    const stamps = [
      '2011-12-29T23-00-00',
      '2011-12-30T10-00-00',
      '2011-12-31T09-00-00',
      '2011-12-31T11-00-00',
    ];
    await home.put(...stamps.map((stamp, index) => ({ stamp, id: idOf(index) })));
    expect((await allPages(home, { limit: 1 })).flat()).toEqual([3, 1, 2, 0]);
    expect((await allPages(home, { limit: 1, sortDirection: 'asc' })).flat()).toEqual([0, 2, 1, 3]);
  });
});
