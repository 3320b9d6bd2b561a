import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { StderrTail } from '../../src/client/stderr-tail.ts';

describe('the last lines of stderr', () => {
  it('are whole lines, however they came', () => {
    const heard: string[] = [];
    const tail = new StderrTail((line) => heard.push(line));
    for (const byte of Buffer.from('one\n\ntwö\r\nthree')) tail.push(Buffer.from([byte]));
    expect(heard).toEqual(['one', 'twö']);
    expect(tail.lines).toEqual(['one', 'twö', 'three']);
    tail.end();
    expect(heard).toEqual(['one', 'twö', 'three']);
  });

  it('are the last twenty, none of them long', () => {
    const tail = new StderrTail();
    for (let index = 0; index < 50; index += 1) tail.push(Buffer.from(`line ${index}\n`));
    tail.push(Buffer.from('x'.repeat(100_000)));
    expect(tail.lines.length).toBe(20);
    expect(tail.lines[0]).toBe('line 31');
    expect(tail.lines.at(-1)).toBe('x'.repeat(1_000));
  });

  it('are bounded for any bytes', () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 3_000 })), (chunks) => {
        const tail = new StderrTail();
        for (const chunk of chunks) tail.push(chunk);
        tail.end();
        expect(tail.lines.length).toBeLessThanOrEqual(20);
        for (const line of tail.lines) expect(line.length).toBeLessThanOrEqual(1_001);
      }),
    );
  });
});
