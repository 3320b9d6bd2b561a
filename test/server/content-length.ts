import type { TestDaemon, WireMessage } from '../support/daemon.ts';

/** Puts a message behind the header that editors' JSON-RPC libraries send. */
export function withHeader(message: unknown): string {
  const json = typeof message === 'string' ? message : JSON.stringify(message);
  return `Content-Length: ${Buffer.byteLength(json)}\r\n\r\n${json}`;
}

export interface FramedMessage {
  /** The bytes in front of the message, as text. */
  readonly header: string;
  /** As the header counts it, in bytes. */
  readonly length: number;
  readonly message: WireMessage & { readonly jsonrpc?: unknown };
}

/** Reads what a daemon writes as messages behind headers. Anything else fails the test. */
export class FramedOutput {
  readonly messages: FramedMessage[] = [];
  #bytes = Buffer.alloc(0);
  #failure: Error | null = null;
  #look: () => void = () => {};

  constructor(daemon: TestDaemon) {
    daemon.process.stdout.on('data', (text: string) => {
      this.#bytes = Buffer.concat([this.#bytes, Buffer.from(text)]);
      try {
        while (this.#take());
      } catch (error) {
        this.#failure = error as Error;
      }
      this.#look();
    });
  }

  /** The answer under an id, from those that came and those to come. */
  async answer(id: unknown): Promise<FramedMessage> {
    return new Promise((resolve, reject) => {
      this.#look = () => {
        const found = this.messages.find(({ message }) => message.id === id);
        if (this.#failure !== null) reject(this.#failure);
        else if (found !== undefined) resolve(found);
      };
      this.#look();
    });
  }

  #take(): boolean {
    const end = this.#bytes.indexOf('\r\n\r\n');
    if (end === -1) return false;
    const header = this.#bytes.toString('latin1', 0, end);
    const length = Number(/^Content-Length: (\d+)$/.exec(header)?.[1]);
    if (Number.isNaN(length)) throw new Error(`expected a header, got ${JSON.stringify(header)}`);
    const start = end + 4;
    if (this.#bytes.length < start + length) return false;
    const message = JSON.parse(this.#bytes.toString('utf8', start, start + length)) as WireMessage;
    this.messages.push({ header, length, message });
    this.#bytes = this.#bytes.subarray(start + length);
    return true;
  }
}
