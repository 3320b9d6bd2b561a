import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { HeaderDecoder, LineDecoder, MAX_MESSAGE_BYTES } from '../../src/rpc/frames.ts';
import type { Frame, FrameDecoder } from '../../src/rpc/frames.ts';

const LIMIT = 1_000;

/** Feeds chunks as a stream would, taking out what is complete after each, and ends the stream. */
function framesOf(decoder: FrameDecoder, chunks: readonly (string | Buffer)[]): Frame[] {
  const frames: Frame[] = [];
  const takeAll = (take: () => Frame | null): void => {
    for (let frame = take(); frame !== null; frame = take()) frames.push(frame);
  };
  for (const chunk of chunks) {
    decoder.push(Buffer.from(chunk));
    takeAll(() => decoder.next());
  }
  takeAll(() => decoder.end());
  return frames;
}

const message = (text: string): Frame => ({ kind: 'message', text });
const malformed = (reason: string, head = ''): Frame => ({ kind: 'malformed', reason, head });
const NO_HEADER = 'expected a header block with a Content-Length';
const CUT = 'the input ended in the middle of a message';
const NOT_UTF8 = 'the message is not valid UTF-8';

function behindHeader(text: string): string {
  return `Content-Length: ${Buffer.byteLength(text)}\r\n\r\n${text}`;
}

/** Cuts bytes at any places into chunks, also empty ones. */
function cut(bytes: Buffer, places: readonly number[]): Buffer[] {
  const ends = places.map((place) => place % (bytes.length + 1)).sort((a, b) => a - b);
  return [...ends, bytes.length].map((end, index) => bytes.subarray(index === 0 ? 0 : ends[index - 1], end));
}

/** Where the limit is shorter than a head may be, a head ends with the piece that went over it. */
function withoutHeads(frames: readonly Frame[]): object[] {
  return frames.map((frame) => (frame.kind === 'tooLong' ? { ...frame, head: undefined } : frame));
}

/** What buffers hold once everything that nobody refers to is gone. */
function heldBytes(): number {
  // The memory of buffers is given back beside the collection; the next one waits for that.
  collectGarbage();
  collectGarbage();
  return process.memoryUsage().arrayBuffers;
}

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

const cuts = fc.array(fc.nat(), { maxLength: 8 });
const anyBytes = fc.uint8Array({ maxLength: 200 }).map((bytes) => Buffer.from(bytes));

describe('LineDecoder', () => {
  it.each<[string, (string | Buffer)[], Frame[]]>([
    ['lines', ['{"a":1}\n{"b":2}\n'], [message('{"a":1}'), message('{"b":2}')]],
    ['a line in pieces', ['{"a', '":', '1}', '\n'], [message('{"a":1}')]],
    ['a last line without an end', ['1\n2'], [message('1'), message('2')]],
    ['blank lines', ['\n\n \t\n\r\n1\n\r\n\n'], [message('1')]],
    ['a carriage return before the line feed', ['1\r\n2\r\n'], [message('1\r'), message('2\r')]],
    ['a character in two pieces', [Buffer.from([0xc3]), Buffer.from([0xbc, 10])], [message('ü')]],
    ['a byte order mark', ['\ufeff1\n'], [message('\ufeff1')]],
    [
      'bytes that are not UTF-8',
      [Buffer.from('"a\xff"\n"b"\n', 'latin1')],
      [malformed(NOT_UTF8, '"a\ufffd"'), message('"b"')],
    ],
    ['half a character before the line feed', [Buffer.from([0xc3, 10])], [malformed(NOT_UTF8, '\ufffd')]],
    ['nothing', [], []],
  ])('takes %s', (_what, chunks, expected) => {
    expect(framesOf(new LineDecoder(), chunks)).toEqual(expected);
  });

  it('gives what is complete before the next piece comes', () => {
    const decoder = new LineDecoder();
    decoder.push(Buffer.from('1\n2\n3'));
    expect([decoder.next(), decoder.next(), decoder.next()]).toEqual([message('1'), message('2'), null]);
    decoder.push(Buffer.from('4\n'));
    expect([decoder.next(), decoder.next()]).toEqual([message('34'), null]);
  });

  it('keeps the order when pieces come faster than lines are taken', () => {
    const decoder = new LineDecoder();
    for (const piece of ['1\n2\n', '3\n4', '5\n']) {
      decoder.push(Buffer.from(piece));
      decoder.push(Buffer.alloc(0));
    }
    expect([1, 2, 3, 4, 5].map(() => decoder.next())).toEqual([
      message('1'),
      message('2'),
      message('3'),
      message('45'),
      null,
    ]);
  });

  it('takes a line of exactly the limit, and refuses a longer one with its head', () => {
    const fits = 'x'.repeat(LIMIT);
    const tooLong = `${fits}y`;
    expect(framesOf(new LineDecoder(LIMIT), [`${fits}\n${tooLong}\n1\n`])).toEqual([
      message(fits),
      { kind: 'tooLong', bytes: LIMIT + 1, head: tooLong },
      message('1'),
    ]);
    expect(framesOf(new LineDecoder(LIMIT), [tooLong])).toEqual([
      { kind: 'tooLong', bytes: LIMIT + 1, head: tooLong },
    ]);
  });

  it('holds a line only as far as it may be long, and then only its head', () => {
    const decoder = new LineDecoder();
    const mebibyte = 1024 * 1024;
    const before = heldBytes();
    for (let count = 0; count < MAX_MESSAGE_BYTES / mebibyte; count += 1) {
      decoder.push(Buffer.alloc(mebibyte, 'x'));
      expect(decoder.next()).toBe(null);
    }
    expect(heldBytes() - before).toBeGreaterThan(MAX_MESSAGE_BYTES / 2);
    for (let count = 0; count < 100; count += 1) {
      decoder.push(Buffer.alloc(mebibyte, 'x'));
      expect(decoder.next()).toBe(null);
    }
    expect(heldBytes() - before).toBeLessThan(MAX_MESSAGE_BYTES / 2);
    decoder.push(Buffer.from('\n1\n'));
    expect([decoder.next(), decoder.next()]).toEqual([
      { kind: 'tooLong', bytes: MAX_MESSAGE_BYTES + 100 * mebibyte, head: 'x'.repeat(64 * 1024) },
      message('1'),
    ]);
  });

  it('gives the same frames however the bytes are cut', () => {
    const lines = fc.array(
      fc.oneof(
        anyBytes,
        fc.string({ unit: 'binary' }).map((text) => Buffer.from(text)),
      ),
      {
        maxLength: 5,
      },
    );
    fc.assert(
      fc.property(lines, cuts, fc.constantFrom(5, LIMIT), (parts, places, limit) => {
        const bytes = Buffer.concat(parts.flatMap((part) => [part, Buffer.from('\n')]));
        const whole = framesOf(new LineDecoder(limit), [bytes]);
        const pieces = framesOf(new LineDecoder(limit), cut(bytes, places));
        expect(withoutHeads(pieces)).toEqual(withoutHeads(whole));
      }),
    );
  });

  it('gives back every text that is no blank line', () => {
    const line = fc.string({ unit: 'binary' }).filter((text) => text.trim() !== '' && !text.includes('\n'));
    fc.assert(
      fc.property(fc.array(line), cuts, (texts, places) => {
        const wellFormed = texts.map((text) => Buffer.from(text).toString());
        const bytes = Buffer.from(wellFormed.map((text) => `${text}\n`).join(''));
        expect(framesOf(new LineDecoder(), cut(bytes, places))).toEqual(wellFormed.map(message));
      }),
    );
  });
});

describe('HeaderDecoder', () => {
  it.each<[string, (string | Buffer)[], Frame[]]>([
    ['messages', [behindHeader('{"a":1}') + behindHeader('2')], [message('{"a":1}'), message('2')]],
    ['a length in bytes', [behindHeader('"ü€😀"') + behindHeader('2')], [message('"ü€😀"'), message('2')]],
    ['line feeds in a message', [behindHeader('{\r\n\r\n"a":\n1}')], [message('{\r\n\r\n"a":\n1}')]],
    [
      'other headers',
      ['Content-Type: application/vscode-jsonrpc; charset=utf-8\r\nContent-Length: 1\r\nX: y\r\n\r\n1'],
      [message('1')],
    ],
    [
      'a header in any case and spacing',
      ['content-length:1\r\n\r\n1CONTENT-LENGTH:\t 1 \r\n\r\n2'],
      [message('1'), message('2')],
    ],
    ['no body', ['Content-Length: 0\r\n\r\nContent-Length: 1\r\n\r\n1'], [message('1')]],
    [
      'bytes that are not UTF-8',
      [Buffer.from('Content-Length: 3\r\n\r\n"\xff"', 'latin1'), behindHeader('1')],
      [malformed(NOT_UTF8, '"\ufffd"'), message('1')],
    ],
    ['white space at the end', [`${behindHeader('1')}\r\n`], [message('1')]],
    ['nothing', [], []],
  ])('takes %s', (_what, chunks, expected) => {
    expect(framesOf(new HeaderDecoder(), chunks)).toEqual(expected);
  });

  it.each<[string, string, Frame[]]>([
    ['no length', 'Content-Type: x\r\n\r\n', [malformed(NO_HEADER)]],
    ['a length that is no number', 'Content-Length: x\r\n\r\n', [malformed(NO_HEADER)]],
    ['a negative length', 'Content-Length: -1\r\n\r\n', [malformed(NO_HEADER)]],
    ['a length in another unit', 'Content-Length: 1 KiB\r\n\r\n', [malformed(NO_HEADER)]],
    ['another header that ends alike', 'X-Content-Length: 1\r\n\r\n', [malformed(NO_HEADER)]],
    ['a length of absurd size', `Content-Length: ${'9'.repeat(16)}\r\n\r\n`, [malformed(NO_HEADER)]],
    ['a block without end', 'C'.repeat(9_000), [malformed(NO_HEADER)]],
  ])('refuses a header block with %s, and takes the next', (_what, header, expected) => {
    expect(framesOf(new HeaderDecoder(), [header, behindHeader('1')])).toEqual([...expected, message('1')]);
  });

  it('takes the next message after one whose header had no length', () => {
    const stray = 'Content-Type: x\r\n\r\n{"a":"Content-Length: 5"}';
    expect(framesOf(new HeaderDecoder(), [stray + behindHeader('1') + behindHeader('2')])).toEqual([
      malformed(NO_HEADER),
      message('1'),
      message('2'),
    ]);
  });

  it.each([
    'Content-Le',
    'Content-Length: 5\r\n',
    'Content-Length: 5\r\n\r\n',
    'Content-Length: 5\r\n\r\n1234',
  ])('reports the end of the input after %j', (text) => {
    expect(framesOf(new HeaderDecoder(), [behindHeader('1') + text])).toEqual([message('1'), malformed(CUT)]);
  });

  it('takes a message of exactly the limit, and refuses a longer one with its head', () => {
    const fits = 'x'.repeat(LIMIT);
    const tooLong = `${fits}y`;
    expect(
      framesOf(new HeaderDecoder(LIMIT), [behindHeader(fits) + behindHeader(tooLong) + behindHeader('1')]),
    ).toEqual([message(fits), { kind: 'tooLong', bytes: LIMIT + 1, head: tooLong }, message('1')]);
  });

  it('gives back any texts, however the bytes are cut', () => {
    const text = fc.string({ unit: 'binary', minLength: 1 }).map((raw) => Buffer.from(raw).toString());
    fc.assert(
      fc.property(fc.array(text), cuts, (texts, places) => {
        const bytes = Buffer.from(texts.map(behindHeader).join(''));
        expect(framesOf(new HeaderDecoder(), cut(bytes, places))).toEqual(texts.map(message));
      }),
    );
  });

  it('never throws, and gives the same frames however the bytes are cut', () => {
    const piece = fc.oneof(
      anyBytes,
      fc
        .constantFrom('Content-Length: ', 'Content-Length: 3\r\n\r\n', '\r\n\r\n', '7', 'X: y\r\n')
        .map((text) => Buffer.from(text)),
    );
    fc.assert(
      fc.property(
        fc.array(piece, { maxLength: 8 }),
        cuts,
        fc.constantFrom(2, LIMIT),
        (pieces, places, limit) => {
          const bytes = Buffer.concat(pieces);
          const whole = framesOf(new HeaderDecoder(limit), [bytes]);
          const inPieces = framesOf(new HeaderDecoder(limit), cut(bytes, places));
          expect(withoutHeads(inPieces)).toEqual(withoutHeads(whole));
        },
      ),
    );
  });
});
