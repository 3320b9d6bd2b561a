import type { Readable } from 'node:stream';
import { AbstractMessageReader } from 'vscode-jsonrpc/node';
import type { DataCallback, Disposable, Message } from 'vscode-jsonrpc/node';
import { classify, readAnswerId, readTopLevelId } from './envelope.ts';
import type { RawId } from './envelope.ts';
import { HeaderDecoder, LineDecoder, MAX_MESSAGE_BYTES } from './frames.ts';
import type { Frame, FrameDecoder } from './frames.ts';
import type { InboundIds } from './inbound-ids.ts';

const INVALID_REQUEST = -32600;

/** How messages are told apart on the byte stream. `detect` decides by the first byte that arrives. */
export type Framing = 'lines' | 'headers' | 'detect';

/** A message that is answered with an error instead of being handled. */
export interface RefusedMessage {
  readonly id: RawId | null;
  readonly reason: 'parseError' | 'invalidRequest' | 'messageTooLong';
  readonly message: string;
}

export interface FramedReaderOptions {
  readonly input: Readable;
  readonly framing: Framing;
  readonly ids: InboundIds;
  /** Ids of requests that went out; the first answer takes its id out, and any other answer is dropped. */
  readonly awaitedIds: Set<number>;
  readonly onFraming: (framing: 'lines' | 'headers') => void;
  readonly onRefused: (refused: RefusedMessage) => void;
}

/**
 * Reads messages for vscode-jsonrpc from a byte stream. It stops reading the stream while it is held, and keeps at
 * most one chunk of undelivered bytes.
 */
export class FramedReader extends AbstractMessageReader {
  readonly #options: FramedReaderOptions;
  #decoder: FrameDecoder | null = null;
  #holds = 0;
  #hasEnded = false;
  #callback: DataCallback = () => {};
  #resolveEnded!: () => void;

  /** Called after each message that was handed on. */
  onDelivered: () => void = () => {};

  /** Resolves when the input has ended and everything in it has been delivered. */
  readonly ended: Promise<void> = new Promise((resolve) => {
    this.#resolveEnded = resolve;
  });

  constructor(options: FramedReaderOptions) {
    super();
    this.#options = options;
    if (options.framing !== 'detect') this.#useFraming(options.framing);
  }

  listen(callback: DataCallback): Disposable {
    const { input } = this.#options;
    this.#callback = callback;
    const onData = (chunk: Buffer): void => {
      this.#decoderFor(chunk).push(chunk);
      this.#pump();
    };
    const onEnd = (): void => {
      this.#hasEnded = true;
      this.#pump();
    };
    const onError = (error: Error): void => {
      this.fireError(error);
      onEnd();
    };
    input.on('data', onData);
    input.once('end', onEnd);
    input.once('close', onEnd);
    input.once('error', onError);
    return {
      dispose: () => {
        input.off('data', onData).off('end', onEnd).off('close', onEnd).off('error', onError);
        input.pause();
      },
    };
  }

  /** Stops delivering messages and reading the stream until `release` was called as often. */
  hold(): void {
    this.#holds += 1;
    this.#options.input.pause();
  }

  release(): void {
    this.#holds -= 1;
    if (this.#holds > 0) return;
    this.#pump();
    if (this.#holds === 0 && !this.#hasEnded) this.#options.input.resume();
  }

  #decoderFor(chunk: Buffer): FrameDecoder {
    if (this.#decoder !== null) return this.#decoder;
    const isHeader = chunk[0] === 'C'.charCodeAt(0) || chunk[0] === 'c'.charCodeAt(0);
    return this.#useFraming(isHeader ? 'headers' : 'lines');
  }

  #useFraming(framing: 'lines' | 'headers'): FrameDecoder {
    const decoder = framing === 'headers' ? new HeaderDecoder() : new LineDecoder();
    this.#decoder = decoder;
    this.#options.onFraming(framing);
    return decoder;
  }

  #pump(): void {
    while (this.#holds === 0) {
      const frame = this.#decoder?.next() ?? (this.#hasEnded ? this.#decoder?.end() : null) ?? null;
      if (frame === null) break;
      this.#handle(frame);
    }
    if (this.#hasEnded && this.#holds === 0) this.#resolveEnded();
  }

  #handle(frame: Frame): void {
    if (frame.kind === 'tooLong') {
      const message = `Message of ${frame.bytes} bytes is longer than the limit of ${MAX_MESSAGE_BYTES} bytes`;
      this.#refuse('messageTooLong', message, frame.head);
      return;
    }
    if (frame.kind === 'malformed') {
      this.#refuse('parseError', `Parse error: ${frame.reason}`, frame.head);
      return;
    }
    let value: unknown;
    try {
      value = JSON.parse(frame.text);
    } catch {
      const message = 'Parse error: the message is not valid JSON';
      this.#refuse('parseError', message, frame.text);
      return;
    }
    this.#handleValue(value, frame.text);
  }

  /** Refuses what cannot be read. Where it is an answer, nothing better will come: who waits for it is told. */
  #refuse(reason: RefusedMessage['reason'], message: string, text: string): void {
    this.#options.onRefused({ id: readTopLevelId(text), reason, message });
    if (this.#options.awaitedIds.size === 0) return;
    const id = Number(readAnswerId(text) ?? Number.NaN);
    if (this.#isAwaited(id)) this.#deliver(inbound({ id, error: { code: INVALID_REQUEST, message } }));
  }

  #deliver(delivered: Message): void {
    this.#callback(delivered);
    this.onDelivered();
  }

  /** vscode-jsonrpc keys its queue by id: of two answers under one id it would dispatch one, and wait for the other. */
  #isAwaited(id: unknown): boolean {
    return typeof id === 'number' && this.#options.awaitedIds.delete(id);
  }

  #handleValue(value: unknown, text: string): void {
    const envelope = classify(value, text);
    switch (envelope.kind) {
      case 'request': {
        const { method, params } = envelope;
        this.#deliver(inbound({ id: this.#options.ids.add(envelope.id), method, params }));
        return;
      }
      case 'notification':
        // vscode-jsonrpc acts on its own `$/` notifications before any handler; this protocol has none.
        if (envelope.method.startsWith('$/')) return;
        this.#deliver(inbound({ method: envelope.method, params: envelope.params }));
        return;
      case 'response':
        if (!this.#isAwaited(envelope.id)) return;
        this.#deliver(inbound({ id: envelope.id, result: envelope.result ?? null }));
        return;
      case 'error':
        if (!this.#isAwaited(envelope.id)) return;
        this.#deliver(inbound({ id: envelope.id, error: errorObject(envelope.error) }));
        return;
      case 'invalid':
        this.#options.onRefused({
          id: envelope.id,
          reason: 'invalidRequest',
          message: `Invalid request: ${envelope.reason}`,
        });
    }
  }
}

function inbound(fields: Record<string, unknown>): Message {
  return { jsonrpc: '2.0', ...fields };
}

function errorObject(error: unknown): { code: number; message: string; data?: unknown } {
  const fields = typeof error === 'object' && error !== null ? (error as Record<string, unknown>) : {};
  return {
    code: typeof fields['code'] === 'number' ? fields['code'] : 0,
    message: typeof fields['message'] === 'string' ? fields['message'] : 'the peer gave no error message',
    ...('data' in fields ? { data: fields['data'] } : {}),
  };
}
