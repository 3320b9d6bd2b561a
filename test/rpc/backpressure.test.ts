import { PassThrough, Writable } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { deferred } from '../../src/util/deferred.ts';
import type { Deferred } from '../../src/util/deferred.ts';
import { openRawPeer } from './raw-peer.ts';

/** A peer that takes each write only when it is told to. */
class SlowOutput extends Writable {
  readonly writes: { readonly text: string; readonly take: () => void }[] = [];
  #next: Deferred<void> = deferred();

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: () => void): void {
    this.writes.push({ text: chunk.toString('utf8'), take: done });
    this.#next.resolve();
    this.#next = deferred();
  }

  /** The write with this index, once it has come. */
  async nth(index: number): Promise<{ readonly text: string; readonly take: () => void }> {
    while (this.writes[index] === undefined) await this.#next.promise;
    return this.writes[index];
  }
}

const MEBIBYTE = 1024 * 1024;

describe('a peer that does not read', () => {
  it('is not read from either, until it has taken everything', async () => {
    const output = new SlowOutput();
    const peer = openRawPeer({ output });
    const backlogs: boolean[] = [];
    peer.connection.onBacklog((isBacklogged) => backlogs.push(isBacklogged));
    const handled: string[] = [];
    peer.connection.onRequest(async (method) => {
      handled.push(method);
      return 'x'.repeat(MEBIBYTE);
    });
    for (const method of ['a', 'b', 'c', 'd', 'e', 'f']) peer.write(`{"id":1,"method":"${method}"}\n`);
    const first = await output.nth(0);
    expect(first.text).toHaveLength(MEBIBYTE + '{"id":1,"result":""}\n'.length);
    await new Promise<void>((resolve) => peer.connection.onBacklog(() => resolve()));
    expect(peer.connection.isBacklogged).toBe(true);
    expect(backlogs).toEqual([true]);
    peer.write('{"id":1,"method":"g"}\n');
    // What had been read before is still answered.
    while (handled.length < 6) await new Promise(setImmediate);
    await new Promise(setImmediate);
    expect(peer.input.isPaused()).toBe(true);
    expect(handled).not.toContain('g');

    const caughtUp = new Promise<void>((resolve) => peer.connection.onBacklog(() => resolve()));
    first.take();
    const second = await output.nth(1);
    expect(peer.connection.isBacklogged).toBe(true);
    second.take();
    await caughtUp;
    expect(peer.connection.isBacklogged).toBe(false);
    expect(backlogs).toEqual([true, false]);
    (await output.nth(2)).take();
    expect(handled).toEqual(['a', 'b', 'c', 'd', 'e', 'f', 'g']);
    expect(output.writes.map(({ text }) => text.split('\n').length - 1)).toEqual([1, 5, 1]);
  });

  it('holds up nobody once it is gone', async () => {
    const output = new SlowOutput();
    const peer = openRawPeer({ output });
    peer.connection.onRequest(async () => 'x'.repeat(8 * MEBIBYTE));
    peer.write('{"id":1,"method":"m"}\n');
    await output.nth(0);
    await new Promise(setImmediate);
    expect(peer.connection.isBacklogged).toBe(true);
    output.destroy();
    await Promise.all([peer.connection.closed, peer.connection.drained(), peer.connection.close()]);
  });
});

describe('a peer that writes faster than it is served', () => {
  it('is read from again and again, and everything is dispatched in order', async () => {
    const input = new PassThrough();
    const peer = openRawPeer({ input, isListening: false });
    const wasPaused = new Set<boolean>();
    const handled: number[] = [];
    peer.connection.onNotification((_method, params) => {
      handled.push((params as { n: number }).n);
      wasPaused.add(input.isPaused());
    });
    const total = 5_000;
    const line = (n: number): string => `{"method":"m","params":{"n":${n}}}\n`;
    const numbers = Array.from({ length: total }, (_value, n) => n);
    input.write(
      numbers
        .slice(0, total / 2)
        .map(line)
        .join(''),
    );
    for (const n of numbers.slice(total / 2)) input.write(line(n));
    input.end();
    peer.connection.listen();
    await peer.connection.inputEnded;
    expect(handled).toEqual(numbers);
    expect(wasPaused).toEqual(new Set([true, false]));
  });

  it('does not get more than a bounded number of messages ahead', async () => {
    const input = new PassThrough({ highWaterMark: 1 });
    const peer = openRawPeer({ input });
    let written = 0;
    let handled = 0;
    let furthest = 0;
    peer.connection.onNotification(() => {
      handled += 1;
    });
    for (written = 1; written <= 3_000; written += 1) {
      const isRoom = input.write('{"method":"m"}\n');
      furthest = Math.max(furthest, written - handled);
      if (!isRoom) await new Promise((resolve) => input.once('drain', resolve));
    }
    input.end();
    await peer.connection.inputEnded;
    expect(handled).toBe(3_000);
    expect(furthest).toBeLessThan(300);
  });
});
