import { isUtf8 } from 'node:buffer';

/** The largest message that is read, in bytes; a longer one is skipped without being held. */
export const MAX_MESSAGE_BYTES = 64 * 1024 * 1024;

/** How much of a message that is too long is kept, in bytes, to read its id from. */
const KEPT_HEAD_BYTES = 64 * 1024;

/** One message as it was cut out of the byte stream. */
export type Frame =
  | { kind: 'message'; text: string }
  | { kind: 'tooLong'; bytes: number; head: string }
  | { kind: 'malformed'; reason: string; head: string };

/** Cuts a byte stream into messages. `push` takes bytes, `next` gives what is complete, `end` what is left. */
export interface FrameDecoder {
  push(chunk: Buffer): void;
  next(): Frame | null;
  end(): Frame | null;
}

/** Collects the bytes of one message, and forgets all but its head once it is longer than the limit. */
class MessageBytes {
  readonly #limit: number;
  #parts: Buffer[] = [];
  #bytes = 0;
  #head: Buffer | null = null;

  constructor(limit: number) {
    this.#limit = limit;
  }

  get isEmpty(): boolean {
    return this.#bytes === 0;
  }

  add(part: Buffer): void {
    if (part.length === 0) return;
    this.#bytes += part.length;
    if (this.#head !== null) return;
    this.#parts.push(part);
    if (this.#bytes <= this.#limit) return;
    this.#head = Buffer.concat(this.#parts, Math.min(this.#bytes, KEPT_HEAD_BYTES));
    this.#parts = [];
  }

  take(): Frame {
    const bytes = this.#bytes;
    const head = this.#head;
    const whole = this.#parts.length === 1 ? this.#parts[0]! : Buffer.concat(this.#parts);
    this.#parts = [];
    this.#bytes = 0;
    this.#head = null;
    if (head !== null) return { kind: 'tooLong', bytes, head: head.toString('utf8') };
    const text = whole.toString('utf8');
    if (!isUtf8(whole)) return { kind: 'malformed', reason: 'the message is not valid UTF-8', head: text };
    return { kind: 'message', text };
  }
}

const LINE_FEED = 10;

/** One JSON value a line, ended by a line feed. Blank lines are skipped. */
export class LineDecoder implements FrameDecoder {
  readonly #message: MessageBytes;
  #chunk: Buffer = Buffer.alloc(0);
  #offset = 0;

  constructor(limit: number = MAX_MESSAGE_BYTES) {
    this.#message = new MessageBytes(limit);
  }

  push(chunk: Buffer): void {
    this.#chunk = this.#offset < this.#chunk.length ? Buffer.concat([this.#rest(), chunk]) : chunk;
    this.#offset = 0;
  }

  next(): Frame | null {
    while (this.#offset < this.#chunk.length) {
      const end = this.#chunk.indexOf(LINE_FEED, this.#offset);
      if (end === -1) {
        this.#message.add(this.#rest());
        this.#offset = this.#chunk.length;
        return null;
      }
      this.#message.add(this.#chunk.subarray(this.#offset, end));
      this.#offset = end + 1;
      const frame = this.#complete();
      if (frame !== null) return frame;
    }
    return null;
  }

  end(): Frame | null {
    return this.next() ?? this.#complete();
  }

  #complete(): Frame | null {
    if (this.#message.isEmpty) return null;
    const frame = this.#message.take();
    return frame.kind === 'message' && frame.text.trim() === '' ? null : frame;
  }

  #rest(): Buffer {
    return this.#chunk.subarray(this.#offset);
  }
}

const MAX_HEADER_BYTES = 8 * 1024;
const HEADER_END = '\r\n\r\n';

/**
 * The last length of a header block. It need not begin a line: the body of a message whose own header had no length
 * comes out in front of the next header, and that one must count again.
 */
const CONTENT_LENGTH = /^[^]*(?<![\w-])content-length:[ \t]*(\d{1,15})[ \t]*(?:\r\n|$)/i;

/** Messages behind `Content-Length` headers, as the JSON-RPC libraries of editors send them. */
export class HeaderDecoder implements FrameDecoder {
  readonly #message: MessageBytes;
  #buffered: Buffer = Buffer.alloc(0);
  #bodyBytesLeft: number | null = null;

  constructor(limit: number = MAX_MESSAGE_BYTES) {
    this.#message = new MessageBytes(limit);
  }

  push(chunk: Buffer): void {
    this.#buffered = this.#buffered.length > 0 ? Buffer.concat([this.#buffered, chunk]) : chunk;
  }

  next(): Frame | null {
    for (;;) {
      if (this.#bodyBytesLeft === null) {
        const frame = this.#readHeader();
        if (frame !== null) return frame;
        if (this.#bodyBytesLeft === null) return null;
      }
      const body = this.#buffered.subarray(0, this.#bodyBytesLeft);
      this.#buffered = this.#buffered.subarray(body.length);
      this.#message.add(body);
      this.#bodyBytesLeft -= body.length;
      if (this.#bodyBytesLeft > 0) return null;
      this.#bodyBytesLeft = null;
      if (!this.#message.isEmpty) return this.#message.take();
    }
  }

  end(): Frame | null {
    const frame = this.next();
    if (frame !== null) return frame;
    const isCut = this.#bodyBytesLeft !== null || this.#buffered.toString('latin1').trim() !== '';
    this.#bodyBytesLeft = null;
    this.#buffered = Buffer.alloc(0);
    return isCut
      ? { kind: 'malformed', reason: 'the input ended in the middle of a message', head: '' }
      : null;
  }

  /** Reads one header block; sets the length of the body to come, or gives what is wrong with the block. */
  #readHeader(): Frame | null {
    const end = this.#buffered.indexOf(HEADER_END);
    if (end === -1 && this.#buffered.length <= MAX_HEADER_BYTES) return null;
    const header = this.#buffered.toString('latin1', 0, end === -1 ? this.#buffered.length : end);
    this.#buffered = this.#buffered.subarray(end === -1 ? this.#buffered.length : end + HEADER_END.length);
    const length = CONTENT_LENGTH.exec(header)?.[1];
    if (end === -1 || length === undefined) {
      return { kind: 'malformed', reason: 'expected a header block with a Content-Length', head: '' };
    }
    this.#bodyBytesLeft = Number(length);
    return null;
  }
}
