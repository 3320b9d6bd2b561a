import { describe, expect, it } from 'vitest';
import { ResponseQueue } from '../../../src/core/conversation/response-queue.ts';

function open(): { queue: ResponseQueue; asked: () => number } {
  let count = 0;
  const queue = new ResponseQueue(() => (count += 1));
  return { queue, asked: () => count };
}

describe('a response that is wanted', () => {
  it('is asked for at once where none is active', () => {
    const { asked, queue } = open();
    queue.request();
    expect(asked()).toBe(1);
  });

  it('waits for the one that was asked for, whether the upstream has made it yet or not', () => {
    const { asked, queue } = open();
    queue.request();
    queue.request();
    expect(asked()).toBe(1);
    queue.created('r1');
    queue.request();
    expect(asked()).toBe(1);
    queue.finished('r1');
    expect(asked()).toBe(2);
  });

  it('waits for one that the upstream made of its own accord', () => {
    const { asked, queue } = open();
    queue.created('r1');
    queue.request();
    expect(asked()).toBe(0);
    queue.finished('r1');
    expect(asked()).toBe(1);
  });

  it('is asked for once, however often it was wanted', () => {
    const { asked, queue } = open();
    queue.created('r1');
    for (let count = 0; count < 5; count += 1) queue.request();
    queue.finished('r1');
    expect(asked()).toBe(1);
    queue.created('r2');
    queue.finished('r2');
    expect(asked()).toBe(1);
  });

  it('is not asked for where nobody wants it', () => {
    const { asked, queue } = open();
    queue.created('r1');
    queue.finished('r1');
    queue.created(null);
    queue.finished(null);
    queue.failed();
    expect(asked()).toBe(0);
  });

  it('is asked for again when the upstream refused it for the sake of another', () => {
    const { asked, queue } = open();
    queue.request();
    queue.refused();
    expect(asked()).toBe(1);
    queue.finished('r1');
    expect(asked()).toBe(2);
    queue.created('r2');
    queue.finished('r2');
    expect(asked()).toBe(2);
  });

  it('is asked for again when the refusal comes behind the response that it is for the sake of', () => {
    const { asked, queue } = open();
    queue.request();
    queue.created('r1');
    queue.refused();
    queue.finished('r1');
    expect(asked()).toBe(2);
  });

  it('is not asked for again when asking failed, but the next one does not wait for it', () => {
    const { asked, queue } = open();
    queue.request();
    queue.failed();
    expect(asked()).toBe(1);
    queue.request();
    expect(asked()).toBe(2);
  });

  it('is asked for when the one before it could not be asked for', () => {
    const { asked, queue } = open();
    queue.request();
    queue.request();
    queue.failed();
    expect(asked()).toBe(2);
  });

  it('waits on when something else failed while a response is active', () => {
    const { asked, queue } = open();
    queue.created('r1');
    queue.request();
    queue.failed();
    expect(asked()).toBe(0);
    queue.finished('r1');
    expect(asked()).toBe(1);
  });
});

describe('the end of a response', () => {
  it('that is told twice does not count as the end of the next one', () => {
    const { asked, queue } = open();
    queue.created('r1');
    queue.request();
    queue.finished('r1');
    queue.request();
    queue.finished('r1');
    expect(asked()).toBe(1);
    queue.created('r2');
    queue.finished('r1');
    expect(asked()).toBe(1);
    queue.finished('r2');
    expect(asked()).toBe(2);
  });

  it('counts each time where a name is used again', () => {
    const { asked, queue } = open();
    for (let count = 1; count < 4; count += 1) {
      queue.created('r1');
      queue.request();
      queue.finished('r1');
      expect(asked()).toBe(count);
    }
  });

  it('counts where the upstream names no response, or never said that it made one', () => {
    const { asked, queue } = open();
    queue.created(null);
    queue.request();
    queue.finished(null);
    expect(asked()).toBe(1);
    queue.request();
    queue.finished('r2');
    expect(asked()).toBe(2);
  });
});
