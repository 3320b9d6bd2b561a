import { expect, it } from 'vitest';
import { TestDaemon } from '../support/daemon.ts';
import type { WireMessage } from '../support/daemon.ts';

const NOT_JSON = 'Parse error: the message is not valid JSON';
const NOT_UTF8 = 'Parse error: the message is not valid UTF-8';
const BATCH = 'Invalid request: batches are not supported; send one message at a time';
const NO_SHAPE = 'Invalid request: expected a `method`, or an `id` with a `result` or an `error`';
const BAD_ID = 'Invalid request: `id` must be a string or a 64-bit integer';
const BAD_METHOD = 'Invalid request: `method` must be a string';

function parseError(message: string, id: unknown = null): WireMessage {
  return { error: { code: -32700, message, data: { reason: 'parseError' } }, id };
}

function invalidRequest(message: string, id: unknown = null): WireMessage {
  return { error: { code: -32600, message, data: { reason: 'invalidRequest' } }, id };
}

/** What comes between two good requests, and everything that it is answered with. */
const CASES: readonly (readonly [what: string, bytes: string | Buffer, answers: readonly WireMessage[]])[] = [
  ['text', 'nonsense\n', [parseError(NOT_JSON)]],
  ['JSON that is cut off', '{"method":"thread/loaded/list"\n', [parseError(NOT_JSON)]],
  ['JSON that is cut off behind its id', '{"id":9,"method":"m\n', [parseError(NOT_JSON, 9)]],
  ['JSON with garbage behind it', '{"id":"nine","method":"m"}}\n', [parseError(NOT_JSON, 'nine')]],
  ['two messages on one line', '{"id":9,"method":"m"}{"id":10,"method":"m"}\n', [parseError(NOT_JSON, 9)]],
  [
    'a long string, and an id behind it',
    `{"a":"${'A'.repeat(10_000_000)}","id":9,\n`,
    [parseError(NOT_JSON, 9)],
  ],
  [
    'a byte order mark',
    '\ufeff{"id":9,"method":"thread/loaded/list","params":{}}\n',
    [parseError(NOT_JSON, 9)],
  ],
  ['invalid UTF-8', Buffer.from('{"id":9,"method":"\xff"}\n', 'latin1'), [parseError(NOT_UTF8, 9)]],
  ['invalid UTF-8 alone', Buffer.of(0xff, 0xfe, 0x0a), [parseError(NOT_UTF8)]],
  ['NUL bytes', '\0\0\0\n', [parseError(NOT_JSON)]],
  ['an array', '[]\n', [invalidRequest(BATCH)]],
  ['a batch', '[{"id":9,"method":"thread/loaded/list","params":{}}]\n', [invalidRequest(BATCH)]],
  ['null', 'null\n', [invalidRequest('Invalid request: expected a JSON object, found null')]],
  ['a number', '42\n', [invalidRequest('Invalid request: expected a JSON object, found number')]],
  ['a string', '"x"\n', [invalidRequest('Invalid request: expected a JSON object, found string')]],
  ['true', 'true\n', [invalidRequest('Invalid request: expected a JSON object, found boolean')]],
  ['an empty object', '{}\n', [invalidRequest(NO_SHAPE)]],
  ['only an id', '{"id":9}\n', [invalidRequest(NO_SHAPE, 9)]],
  ['only a result', '{"result":{}}\n', [invalidRequest(NO_SHAPE)]],
  ['a method that is no string', '{"id":9,"method":5}\n', [invalidRequest(BAD_METHOD, 9)]],
  ['an id that is null', '{"id":null,"method":"thread/loaded/list","params":{}}\n', [invalidRequest(BAD_ID)]],
  ['an id that is a boolean', '{"id":true,"method":"thread/loaded/list"}\n', [invalidRequest(BAD_ID, true)]],
  ['an id that is a fraction', '{"id":1.5,"method":"thread/loaded/list"}\n', [invalidRequest(BAD_ID, 1.5)]],
  ['an id that is an object', '{"id":{},"method":"thread/loaded/list"}\n', [invalidRequest(BAD_ID)]],
  ['a blank line', '\n \t \n\r\n', []],
  ['an unknown notification', '{"method":"no/such","params":{"a":1}}\n', []],
  ['a request sent as a notification', '{"method":"thread/start","params":{}}\n', []],
  ['initialized once more', '{"method":"initialized"}\n{"method":"initialized","params":{}}\n', []],
  ['a cancellation', '{"method":"$/cancelRequest","params":{"id":"before"}}\n', []],
  ['a cancellation of what comes next', '{"method":"$/cancelRequest","params":{"id":"after"}}\n', []],
  ['a cancellation without params', '{"method":"$/cancelRequest"}\n{"method":"$/progress"}\n', []],
  ['an answer to nothing', '{"id":0,"result":{}}\n{"id":"x","result":null}\n', []],
  ['an error answer to nothing', '{"id":0,"error":{"code":1,"message":"m"}}\n{"id":0,"error":5}\n', []],
  [
    'answers without a usable id',
    '{"id":null,"result":1}\n{"id":{},"error":null}\n{"id":[1],"result":{}}\n',
    [],
  ],
  ['many answers under one id', '{"id":5,"result":{}}\n'.repeat(1_000), []],
];

it('never keeps the daemon from answering what comes before and after', async () => {
  const daemon = await TestDaemon.open();
  for (const [what, bytes, answers] of CASES) {
    const before = daemon.messages.length;
    daemon.write({ id: 'before', method: 'thread/loaded/list', params: {} });
    daemon.raw(bytes);
    daemon.write({ id: 'after', method: 'thread/loaded/list', params: {} });
    await daemon.until(`both answers around ${what}`, () =>
      daemon.messages.slice(before).some(({ id }) => id === 'after') ? true : undefined,
    );
    const came = daemon.messages.slice(before);
    const good = (id: string): WireMessage => ({ id, result: { data: [], nextCursor: null } });
    const isGood = ({ id }: WireMessage): boolean => id === 'before' || id === 'after';
    expect(came.filter(isGood), what).toEqual([good('before'), good('after')]);
    expect(
      came.filter((message) => !isGood(message)),
      what,
    ).toEqual(answers);
  }
  expect(daemon.garbage).toEqual([]);
  daemon.process.stdin.end();
  expect(await daemon.exited).toEqual({ code: 0, signal: null });
});
