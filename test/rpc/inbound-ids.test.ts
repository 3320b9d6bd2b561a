import { describe, expect, it } from 'vitest';
import { InboundIds } from '../../src/rpc/inbound-ids.ts';

describe('InboundIds', () => {
  it('keeps requests apart whose ids look alike or are the same', () => {
    const ids = new InboundIds();
    const numbers = ['7', '"7"', '7'].map((rawId) => ids.add(rawId));
    expect(new Set(numbers).size).toBe(3);
    const answered: string[] = [];
    for (const number of numbers.toReversed()) ids.answer(number, (rawId) => answered.push(rawId));
    expect(answered).toEqual(['7', '"7"', '7']);
  });

  it('answers a request once', () => {
    const ids = new InboundIds();
    const number = ids.add('7');
    const answered: string[] = [];
    ids.answer(number, (rawId) => answered.push(rawId));
    ids.answer(number, (rawId) => answered.push(rawId));
    ids.answer(number + 1, (rawId) => answered.push(rawId));
    expect(answered).toEqual(['7']);
  });

  it('calls back after the answer, in order, and only for that answer', () => {
    const ids = new InboundIds();
    const [first, second] = [ids.add('1'), ids.add('2')];
    const events: string[] = [];
    ids.afterAnswer(first, () => events.push('after 1'));
    ids.afterAnswer(first, () => events.push('also after 1'));
    ids.afterAnswer(second, () => events.push('after 2'));
    ids.answer(first, () => events.push('1'));
    ids.afterAnswer(first, () => events.push('too late'));
    ids.answer(second, () => events.push('2'));
    expect(events).toEqual(['1', 'after 1', 'also after 1', '2', 'after 2']);
  });

  it('resolves allAnswered with the last answer, for everyone who waits', async () => {
    const ids = new InboundIds();
    await ids.allAnswered();
    const [first, second] = [ids.add('1'), ids.add('2')];
    const events: string[] = [];
    const waits = [1, 2].map(async (waiter) => {
      await ids.allAnswered();
      events.push(`waiter ${waiter}`);
    });
    ids.answer(first, () => events.push('1'));
    await Promise.resolve();
    ids.answer(second, () => events.push('2'));
    await Promise.all(waits);
    expect(events).toEqual(['1', '2', 'waiter 1', 'waiter 2']);
  });
});
