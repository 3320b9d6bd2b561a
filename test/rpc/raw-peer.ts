import { PassThrough } from 'node:stream';
import { onTestFinished } from 'vitest';
import { openConnection } from '../../src/rpc/index.ts';
import type { RpcConnection, RpcConnectionOptions } from '../../src/rpc/index.ts';

/** The other end of a connection under test: it writes bytes, and reads what the connection wrote. */
export interface RawPeer {
  readonly connection: RpcConnection;
  /** What the connection reads from and writes to. */
  readonly input: PassThrough;
  readonly output: PassThrough;
  /** What the connection logged. */
  readonly log: object[];
  write(text: string): void;
  /** The next `count` lines that the connection wrote. */
  lines(count: number): Promise<string[]>;
}

/** Opens a connection over two streams in memory. It is closed after the test. */
export function openRawPeer(
  options: Partial<RpcConnectionOptions> & { readonly isListening?: boolean } = {},
): RawPeer {
  const { isListening = true, ...connectionOptions } = options;
  const input = new PassThrough();
  const output = new PassThrough();
  const log: object[] = [];
  const logger = { warn: (fields: object, message: string) => void log.push({ ...fields, message }) };
  const connection = openConnection({ input, output, logger, ...connectionOptions });
  onTestFinished(() => {
    output.resume();
    return connection.close();
  });
  if (isListening) connection.listen();
  let rest = '';
  return {
    connection,
    input,
    output,
    log,
    write: (text) => void input.write(text),
    lines: async (count) => {
      while (rest.split('\n').length <= count) {
        const chunk = await nextChunk(output);
        if (chunk === null) break;
        rest += chunk;
      }
      const lines = rest.split('\n');
      rest = lines.slice(count).join('\n');
      return lines.slice(0, count);
    },
  };
}

/** Reads without making the stream flow, so that nothing is read that nobody asked for. */
function nextChunk(stream: PassThrough): Promise<string | null> {
  return new Promise((resolve) => {
    const look = (): void => {
      const chunk = stream.read() as Buffer | null;
      if (chunk === null && !stream.readableEnded) return;
      stream.off('readable', look).off('end', look);
      resolve(chunk === null ? null : chunk.toString('utf8'));
    };
    stream.on('readable', look).on('end', look);
    look();
  });
}

/** Two connections that speak to each other. Both listen, and are closed after the test. */
export function openPair(): { left: RpcConnection; right: RpcConnection } {
  const [toLeft, toRight] = [new PassThrough(), new PassThrough()];
  const left = openConnection({ input: toLeft, output: toRight });
  const right = openConnection({ input: toRight, output: toLeft });
  onTestFinished(async () => {
    await Promise.all([left.close(), right.close()]);
  });
  return { left, right };
}
