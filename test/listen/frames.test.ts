import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { RpcConnection } from '../../src/rpc/index.ts';
import { SocketClient } from '../support/socket-client.ts';
import type { WireMessage } from '../support/daemon.ts';
import { openTestListener } from './in-process-listener.ts';

/** A listener whose every request is answered with its own params, and a client of it. */
async function openEcho(): Promise<{ client: SocketClient; served: RpcConnection[] }> {
  const served: RpcConnection[] = [];
  const { listener } = await openTestListener((rpc) => {
    served.push(rpc);
    rpc.onRequest((_method, params) => Promise.resolve(params));
    rpc.listen();
    return { holdsUpOthers: false };
  });
  return { client: await SocketClient.connect(listener.url), served };
}

const PARSE_ERROR = {
  error: {
    code: -32_700,
    message: 'Parse error: the message is not valid JSON',
    data: { reason: 'parseError' },
  },
  id: null,
};

/** JSON whose tokens have any white space between them that JSON allows. */
function spacedJson(value: unknown, spaces: readonly string[]): string {
  let next = 0;
  const space = (): string => spaces[next++ % spaces.length] ?? '';
  return JSON.stringify(value).replaceAll(
    /"(?:[^"\\]|\\.)*"|[[\]{},:]/g,
    (token) => `${space()}${token}${space()}`,
  );
}

describe('a text message', () => {
  it('is one message of the protocol, with any line ends between its tokens', async () => {
    const { client } = await openEcho();
    const params = fc.dictionary(fc.string(), fc.jsonValue(), { maxKeys: 3 });
    const space = fc.constantFrom('', ' ', '\n', '\r\n', '\t\r', '\n\n');
    let id = 0;
    await fc.assert(
      fc.asyncProperty(params, fc.array(space, { minLength: 1, maxLength: 5 }), async (value, spaces) => {
        id += 1;
        client.socket.send(spacedJson({ id, method: 'echo', params: value }, spaces));
        const answer = await client.waitFor('the echo', (message) => message.id === id);
        expect(answer).toEqual({ id, result: JSON.parse(JSON.stringify(value)) as unknown });
      }),
      { numRuns: 50 },
    );
    expect(client.messages).toHaveLength(id);
  });

  it('with a line end inside a text, or with two messages, is wrong', async () => {
    const { client } = await openEcho();
    client.socket.send('{"id":1,"method":"echo","params":{"a":"b\nc"}}');
    client.socket.send('{"id":2,"method":"echo","params":{}}\n{"id":3,"method":"echo","params":{}}');
    client.write({ id: 4, method: 'echo', params: {} });
    await client.waitFor('an answer', ({ id }) => id === 4);
    expect(client.messages).toEqual([
      { ...PARSE_ERROR, id: 1 },
      { ...PARSE_ERROR, id: 2 },
      { id: 4, result: {} },
    ]);
  });

  it('may be nonsense or empty, in pieces, and behind pings', async () => {
    const { client } = await openEcho();
    for (const nonsense of ['', ' ', '\n', 'x', 'Content-Length: 5\r\n\r\n{}', '[]', '42', '\uFEFF{}']) {
      client.socket.send(nonsense);
    }
    const { socket } = client;
    socket.send('{"id":1,"met', { fin: false });
    socket.ping('are you there');
    socket.send('hod":"echo","params":{}}', { fin: true });
    const pong = await new Promise((resolve) => socket.once('pong', (data) => resolve(data.toString())));
    expect(pong).toBe('are you there');
    await client.waitFor('an answer', ({ id }) => id === 1);
    const codes = client.messages.map(({ error, id }: WireMessage) => error?.code ?? id);
    expect(codes).toEqual([-32_700, -32_700, -32_600, -32_600, -32_700, 1]);
  });

  it('comes whole, one for each message of the server, however many and long', async () => {
    const { client, served } = await openEcho();
    const texts = fc.array(fc.string({ unit: 'binary', maxLength: 5_000 }), { maxLength: 30 });
    await fc.assert(
      fc.asyncProperty(texts, async (notes) => {
        const before = client.messages.length;
        for (const note of notes) served[0]?.notify('note', { note });
        await client.until('the notes', () =>
          client.messages.length === before + notes.length ? true : undefined,
        );
        expect(client.messages.slice(before)).toEqual(
          notes.map((note) => ({ method: 'note', params: { note } })),
        );
      }),
      { numRuns: 30 },
    );
  });
});

describe('a connection is closed', () => {
  it('after a binary message, with a reason', async () => {
    const { client } = await openEcho();
    client.socket.send(Buffer.from('{"id":1,"method":"echo","params":{}}'));
    client.write({ id: 2, method: 'echo', params: {} });
    expect(await client.closed).toEqual({ code: 1003, reason: 'messages are JSON in text frames' });
    expect(client.messages).toEqual([]);
  });

  it('after a text that is not UTF-8', async () => {
    const { client } = await openEcho();
    client.socket.send(Buffer.from([0x22, 0xff, 0x22]), { binary: false });
    expect((await client.closed).code).toBe(1007);
  });

  it.each([
    [1000, 'bye'],
    [1001, ''],
    [4321, 'of my own'],
  ])('as the client closes it, with %i', async (code, reason) => {
    const { client, served } = await openEcho();
    client.socket.close(code, reason);
    expect(await client.closed).toEqual({ code, reason });
    await served[0]?.closed;
  });

  it('and what is still said to a client that is gone goes nowhere', async () => {
    const { client, served } = await openEcho();
    const [rpc] = served;
    if (rpc === undefined) throw new Error('no connection');
    client.socket.terminate();
    const notes = setInterval(() => rpc.notify('note', {}), 1);
    await rpc.closed;
    clearInterval(notes);
    rpc.notify('note', {});
    await expect(rpc.request('question', {})).rejects.toMatchObject({ reason: 'closed' });
  });

  it('when the client is gone without a word', async () => {
    const { client, served } = await openEcho();
    client.socket.terminate();
    await served[0]?.closed;
    expect((await client.closed).code).toBe(1006);
  });

  it('behind everything that was said before, when the listener closes', async () => {
    const served: RpcConnection[] = [];
    const { listener } = await openTestListener((rpc) => {
      served.push(rpc);
      rpc.listen();
      return { holdsUpOthers: false };
    });
    const client = await SocketClient.connect(listener.url);
    const words = 'x'.repeat(1_000_000);
    for (let index = 0; index < 20; index += 1) served[0]?.notify('note', { index, words });
    await listener.close(5_000);
    expect(await client.closed).toEqual({ code: 1001, reason: 'the server is shutting down' });
    expect(client.messages.map(({ params }) => params?.['index'])).toEqual(
      Array.from({ length: 20 }, (_, index) => index),
    );
    await expect(SocketClient.connect(listener.url)).rejects.toThrow('ECONNREFUSED');
  });
});

describe('limits', () => {
  it('a message as long as may be is taken, and a longer one ends the connection', async () => {
    const accept = (rpc: RpcConnection): { holdsUpOthers: boolean } => {
      rpc.onRequest(() => Promise.resolve({}));
      rpc.listen();
      return { holdsUpOthers: false };
    };
    const { listener, log } = await openTestListener(accept, { messageBytes: 1_000 });
    const client = await SocketClient.connect(listener.url);
    client.socket.send('{"id":1,"method":"x"}'.padEnd(1_000));
    await client.waitFor('the answer', ({ id }) => id === 1);
    client.socket.send('{"id":2,"method":"x"}'.padEnd(1_001));
    expect((await client.closed).code).toBe(1009);
    expect(client.messages).toEqual([{ id: 1, result: {} }]);
    expect(log).toEqual([
      { message: 'a client broke the WebSocket protocol', fields: { error: 'Max payload size exceeded' } },
    ]);
  });

  it('a connection too many is cut', async () => {
    const { listener } = await openTestListener(
      (rpc) => {
        rpc.listen();
        return { holdsUpOthers: false };
      },
      { connections: 1 },
    );
    const first = await SocketClient.connect(listener.url);
    await expect(SocketClient.connect(listener.url)).rejects.toBeInstanceOf(Error);
    first.socket.close();
    await first.closed;
  });
});
