import { expect, it } from 'vitest';
import { StderrSink } from '../../src/cli/stderr-sink.ts';
import type { WriteChunk } from '../../src/cli/stderr-sink.ts';

/** A reader that takes what is written only when it is told to. */
function slowReader() {
  const taken: string[] = [];
  const waiting: { chunk: Buffer; done: Parameters<WriteChunk>[1] }[] = [];
  return {
    taken,
    waiting,
    write: ((chunk, done) => waiting.push({ chunk, done })) as WriteChunk,
    take(bytes = Infinity): void {
      const { chunk, done } = waiting.shift()!;
      const count = Math.min(bytes, chunk.length);
      taken.push(chunk.toString('utf8', 0, count));
      done(null, count);
    },
  };
}

it('writes lines in their order, one chunk at a time, and what a write left over', async () => {
  const reader = slowReader();
  const sink = new StderrSink(reader.write);
  for (const line of ['one\n', 'two\n', 'three\n']) sink.write(line);
  expect(reader.waiting).toHaveLength(1);
  reader.take();
  reader.take(5);
  const flushed = sink.flushed();
  reader.take();
  await flushed;
  expect(reader.taken.join('')).toBe('one\ntwo\nthree\n');
});

it('leaves out what a reader that stands still has no room for, and tells how much', () => {
  const reader = slowReader();
  const sink = new StderrSink(reader.write);
  const line = `${'x'.repeat(1023)}\n`;
  for (let count = 0; count < 2000; count += 1) sink.write(line);
  reader.take();
  reader.take();
  sink.write('after\n');
  reader.take();
  const lines = reader.taken
    .join('')
    .split('\n')
    .filter((text) => text !== '' && !text.startsWith('x'));
  expect(lines).toEqual([
    JSON.stringify({ level: 40, linesLeftOut: 976, msg: 'log lines left out' }),
    'after',
  ]);
});

it('goes on after a write that fails', async () => {
  const reader = slowReader();
  const sink = new StderrSink(reader.write);
  sink.write('one\n');
  sink.write('two\n');
  reader.waiting.shift()!.done(new Error('gone'), 0);
  reader.take();
  await sink.flushed();
  expect(reader.taken).toEqual(['two\n']);
});
