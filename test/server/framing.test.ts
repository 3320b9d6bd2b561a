import { describe, expect, it } from 'vitest';
import { TestDaemon } from '../support/daemon.ts';
import type { WireMessage } from '../support/daemon.ts';
import { FramedOutput, withHeader } from './content-length.ts';

const NO_THREADS = { data: [], nextCursor: null };
const initialize = { id: 'i', method: 'initialize', params: { clientInfo: { name: 'näme', version: '1' } } };

function list(id: number | string): object {
  return { id, method: 'thread/loaded/list', params: {} };
}

describe('lines', () => {
  it('are one object each, compact and without a jsonrpc member', async () => {
    const daemon = await TestDaemon.open();
    let text = '';
    daemon.process.stdout.on('data', (chunk: string) => (text += chunk));
    daemon.raw('  { "jsonrpc": "2.0", "id": 7, "method": "thread/loaded/list", "params": { } }\t\r\n');
    await daemon.waitFor('the answer', ({ id }) => id === 7);
    expect(text).toBe('{"id":7,"result":{"data":[],"nextCursor":null}}\n');
  });

  it('may come in any pieces', async () => {
    const daemon = await TestDaemon.open();
    const bytes = Buffer.from(`${JSON.stringify(list('ü€😀'))}\n${JSON.stringify(list(2))}\n`);
    for (const byte of bytes) daemon.raw(Buffer.of(byte));
    await daemon.waitFor('the last answer', ({ id }) => id === 2);
    expect(daemon.messages.slice(-2)).toEqual([
      { id: 'ü€😀', result: NO_THREADS },
      { id: 2, result: NO_THREADS },
    ]);
  });

  it('need no line feed at the end of the input', async () => {
    const daemon = await TestDaemon.open();
    daemon.process.stdin.end(JSON.stringify(list('last')));
    expect(await daemon.exited).toEqual({ code: 0, signal: null });
    expect(daemon.messages.at(-1)).toEqual({ id: 'last', result: NO_THREADS });
  });
});

describe('ids', () => {
  it('are echoed digit by digit', async () => {
    const ids = [
      '0',
      '-1',
      '9007199254740993',
      '9223372036854775807',
      '-9223372036854775808',
      '""',
      '"7"',
      '"ü€😀 \\"quoted\\" \\\\ \\n"',
    ];
    const daemon = await TestDaemon.open();
    let text = '';
    daemon.process.stdout.on('data', (chunk: string) => (text += chunk));
    for (const id of ids) {
      daemon.raw(`{"id":${id},"method":"thread/loaded/list","params":{}}\n`);
      daemon.raw(`{"id":${id},"method":"thread/loaded/list"}\n`);
    }
    await daemon.call('account/read', {});
    const error =
      '{"code":-32600,"message":"Invalid request: missing field `params`","data":{"reason":"invalidParams","path":[]}}';
    expect(text.split('\n').slice(0, 2 * ids.length)).toEqual(
      ids.flatMap((id) => [
        `{"id":${id},"result":{"data":[],"nextCursor":null}}`,
        `{"error":${error},"id":${id}}`,
      ]),
    );
  });

  it('that are equal or look alike may be in flight at once', async () => {
    const daemon = await TestDaemon.open();
    const before = daemon.messages.length;
    daemon.raw([list(7), list('7'), list(7)].map((request) => `${JSON.stringify(request)}\n`).join(''));
    await daemon.call('account/read', {});
    expect(daemon.messages.slice(before, before + 3)).toEqual([
      { id: 7, result: NO_THREADS },
      { id: '7', result: NO_THREADS },
      { id: 7, result: NO_THREADS },
    ]);
  });
});

describe('Content-Length headers', () => {
  it('are answered in kind when the first byte is a C', async () => {
    const daemon = new TestDaemon();
    const output = new FramedOutput(daemon);
    daemon.raw(withHeader(initialize) + withHeader({ jsonrpc: '2.0', ...list(2) }));
    const answer = await output.answer(2);
    expect(answer).toEqual({
      header: 'Content-Length: 63',
      length: 63,
      message: { jsonrpc: '2.0', id: 2, result: NO_THREADS },
    });
    const [first, second] = output.messages;
    expect(first?.message).toMatchObject({
      jsonrpc: '2.0',
      id: 'i',
      result: { codexHome: daemon.home },
    });
    expect(second?.message).toEqual({
      jsonrpc: '2.0',
      method: 'remoteControl/status/changed',
      params: { status: 'disabled', environmentId: null },
    });
    expect(output.messages).toHaveLength(3);
  });

  it('count bytes, not characters', async () => {
    const daemon = new TestDaemon();
    const output = new FramedOutput(daemon);
    daemon.raw(withHeader(initialize) + withHeader({ id: 'ü€😀', method: 'ü€😀' }));
    const { length, message } = await output.answer('ü€😀');
    expect(length).toBe(Buffer.byteLength(JSON.stringify(message)));
    expect(message.error?.message).toMatch(/^Invalid request: unknown variant `ü€😀`, expected one of /);
  });

  it('may come in any case and any pieces, with other headers beside them', async () => {
    const daemon = new TestDaemon();
    const output = new FramedOutput(daemon);
    const json = JSON.stringify(list(2));
    const text = `content-type: application/json\r\nCONTENT-LENGTH:${json.length}\r\n\r\n${json}`;
    daemon.raw(withHeader(initialize));
    for (const byte of Buffer.from(text)) daemon.raw(Buffer.of(byte));
    expect((await output.answer(2)).message).toEqual({ jsonrpc: '2.0', id: 2, result: NO_THREADS });
  });

  it.each<[string, string, WireMessage['error']]>([
    [
      'a header without a length',
      'Content-Type: x\r\n\r\n{"id":9,"method":"thread/loaded/list","params":{}}',
      {
        code: -32700,
        message: 'Parse error: expected a header block with a Content-Length',
        data: { reason: 'parseError' },
      },
    ],
    [
      'a message that is not JSON',
      withHeader('nonsense'),
      {
        code: -32700,
        message: 'Parse error: the message is not valid JSON',
        data: { reason: 'parseError' },
      },
    ],
    [
      'a batch',
      withHeader([list(8), list(9)]),
      {
        code: -32600,
        message: 'Invalid request: batches are not supported; send one message at a time',
        data: { reason: 'invalidRequest' },
      },
    ],
  ])('are read on after %s', async (_what, text, error) => {
    const daemon = new TestDaemon();
    const output = new FramedOutput(daemon);
    daemon.raw(withHeader(initialize) + text + withHeader(list(2)));
    expect((await output.answer(2)).message).toEqual({ jsonrpc: '2.0', id: 2, result: NO_THREADS });
    expect((await output.answer(null)).message).toEqual({ jsonrpc: '2.0', error, id: null });
    expect(output.messages).toHaveLength(4);
  });

  it('that promise more than comes are reported at the end of the input', async () => {
    const daemon = new TestDaemon();
    const output = new FramedOutput(daemon);
    daemon.process.stdin.end(`${withHeader(initialize)}Content-Length: 100\r\n\r\n{"id":9,`);
    expect(await daemon.exited).toEqual({ code: 0, signal: null });
    expect((await output.answer(null)).message).toEqual({
      jsonrpc: '2.0',
      error: {
        code: -32700,
        message: 'Parse error: the input ended in the middle of a message',
        data: { reason: 'parseError' },
      },
      id: null,
    });
  });
});
