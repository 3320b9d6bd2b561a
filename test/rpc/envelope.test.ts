import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { classify, readAnswerId, readTopLevelId } from '../../src/rpc/envelope.ts';
import type { Envelope } from '../../src/rpc/envelope.ts';

const BAD_ID = '`id` must be a string or a 64-bit integer';
const NO_SHAPE = 'expected a `method`, or an `id` with a `result` or an `error`';

function envelopeOf(text: string): Envelope {
  return classify(JSON.parse(text), text);
}

function request(id: string, params?: unknown): Envelope {
  return { kind: 'request', id, method: 'm', params };
}

function invalid(id: string | null, reason: string): Envelope {
  return { kind: 'invalid', id, reason };
}

describe('the shape of a message', () => {
  it.each<[string, Envelope]>([
    ['{"id":1,"method":"m","params":{"a":1}}', request('1', { a: 1 })],
    ['{"id":1,"method":"m","params":[1]}', request('1', [1])],
    ['{"id":1,"method":"m","params":null}', request('1', null)],
    ['{"id":1,"method":"m"}', request('1')],
    ['{"jsonrpc":"1.0","id":1,"method":"m","trace":5,"extra":{}}', request('1')],
    ['{"id":1,"method":"m","result":{},"error":{}}', request('1')],
    ['{"method":"m","params":{}}', { kind: 'notification', method: 'm', params: {} }],
    ['{"method":"m"}', { kind: 'notification', method: 'm', params: undefined }],
    ['{"method":""}', { kind: 'notification', method: '', params: undefined }],
    ['{"method":"m","result":{}}', { kind: 'notification', method: 'm', params: undefined }],
    ['{"id":1,"result":{"a":1}}', { kind: 'response', id: 1, result: { a: 1 } }],
    ['{"id":1,"result":null}', { kind: 'response', id: 1, result: null }],
    ['{"id":"x","result":1,"error":{}}', { kind: 'response', id: 'x', result: 1 }],
    ['{"id":null,"result":1}', { kind: 'response', id: null, result: 1 }],
    ['{"id":1,"error":{"code":5}}', { kind: 'error', id: 1, error: { code: 5 } }],
    ['{"id":1,"error":null}', { kind: 'error', id: 1, error: null }],
    ['{"id":7}', invalid('7', NO_SHAPE)],
    ['{"id":"7"}', invalid('"7"', NO_SHAPE)],
    ['{}', invalid(null, NO_SHAPE)],
    ['{"result":1}', invalid(null, NO_SHAPE)],
    ['{"error":{}}', invalid(null, NO_SHAPE)],
    ['{"id":7,"method":5}', invalid('7', '`method` must be a string')],
    ['{"id":7,"method":null}', invalid('7', '`method` must be a string')],
    ['{"method":["m"]}', invalid(null, '`method` must be a string')],
    ['[]', invalid(null, 'batches are not supported; send one message at a time')],
    ['[{"id":1,"method":"m"}]', invalid(null, 'batches are not supported; send one message at a time')],
    ['null', invalid(null, 'expected a JSON object, found null')],
    ['42', invalid(null, 'expected a JSON object, found number')],
    ['"x"', invalid(null, 'expected a JSON object, found string')],
    ['true', invalid(null, 'expected a JSON object, found boolean')],
  ])('%s', (text, expected) => {
    expect(envelopeOf(text)).toEqual(expected);
  });
});

describe('the id of a request', () => {
  it.each([
    '0',
    '7',
    '-1',
    '9007199254740991',
    '9007199254740992',
    '9007199254740993',
    '-9007199254740993',
    '9223372036854775807',
    '-9223372036854775808',
    '"7"',
    '""',
    '"a b"',
    '"ü€😀"',
    '"\\"\\\\"',
  ])('%s is kept as it is written', (id) => {
    expect(envelopeOf(`{"id":${id},"method":"m"}`)).toEqual(request(id));
    expect(envelopeOf(` { "method" : "m" ,\t"x":{"id":1},"id" : ${id} }\r`)).toEqual(request(id));
  });

  it.each([
    ['"\\u0041"', '"A"'],
    ['"\\/"', '"/"'],
    ['7.0', '7'],
    ['1e3', '1000'],
  ])('%s is the same value as %s', (written, id) => {
    expect(envelopeOf(`{"id":${written},"method":"m"}`)).toEqual(request(id));
  });

  it.each([
    ['null', null],
    ['true', 'true'],
    ['false', 'false'],
    ['1.5', '1.5'],
    ['-0.5', '-0.5'],
    ['[]', null],
    ['{}', null],
    ['{"id":1}', null],
    ['9223372036854775808', '9223372036854775808'],
    ['-9223372036854775809', '-9223372036854775809'],
    ['18446744073709551616', '18446744073709551616'],
    ['1e300', null],
    ['1e999', 'null'],
  ])('%s is refused, and answered under %s', (written, id) => {
    expect(envelopeOf(`{"id":${written},"method":"m"}`)).toEqual(invalid(id, BAD_ID));
  });

  it('is the last one where the key is repeated, as for the other members', () => {
    expect(envelopeOf('{"id":1,"method":"a","id":2,"method":"m"}')).toEqual(request('2'));
    expect(envelopeOf('{"id":9007199254740993,"id":"x","method":"m"}')).toEqual(request('"x"'));
  });

  it('is never another than the one that was meant', () => {
    const beyond = '{"id":5,"id":9007199254740993,"method":"m"}';
    expect(envelopeOf(beyond)).toEqual(invalid(null, BAD_ID));
    expect(envelopeOf('{"\\u0069d":18446744073709551616,"method":"m"}')).toEqual(invalid(null, BAD_ID));
  });
});

describe('readTopLevelId', () => {
  it.each([
    ['{"id":7,"method":"m"}', '7'],
    ['{"id":"7","method":"m"}', '"7"'],
    ['{"id":-12}', '-12'],
    ['{"id":0}', '0'],
    ['{"id":123456789012345678901234567890,', '123456789012345678901234567890'],
    ['\ufeff {"id":7,', '7'],
    ['  \r\n\t{ "id"\n:\t7 ,', '7'],
    ['{"params":{"id":1,"a":[{"id":2}]},"id":3,', '3'],
    ['{"params":"id","id":3,', '3'],
    ['{"a":"{\\"id\\":1","id":3,', '3'],
    ['{"a":"\\\\","id":3,', '3'],
    ['{"a":"\\\\\\"id\\":1","id":3,', '3'],
    ['{"id":1,"id":2}', '1'],
    ['{"id":"a\\u0041\\n\\\\"', '"a\\u0041\\n\\\\"'],
    ['{"id":"x"', '"x"'],
    ['{"id":7,"method":"m","params":{"a":"cut off', '7'],
    ['{"id":7}}}garbage', '7'],
    ['{method: m, "id":7}', '7'],
    ['{,,"id":7}', '7'],
    ['{"id":7', null],
    ['{"id":"cut off', null],
    ['{"id":"cut off\\"', null],
    ['{"id":', null],
    ['{"id"', null],
    ['{"i', null],
    ['{', null],
    ['', null],
    ['   ', null],
    ['7', null],
    ['"id":7', null],
    ['[{"id":7}]', null],
    ['{"id":null}', null],
    ['{"id":true}', null],
    ['{"id":1.5}', null],
    ['{"id":1e3}', null],
    ['{"id":01}', null],
    ['{"id":+1}', null],
    ['{"id":--1}', null],
    ['{"id":{"id":7}}', null],
    ['{"id":[7]}', null],
    ['{"id":"bad \\x escape"}', null],
    ['{"id":"raw \n control"}', null],
    ['{"ID":7}', null],
    ['{"params":{"id":7}}', null],
    ['{}{"id":7}', null],
    ['{"a":"never closed, "id":7}', null],
  ])('%j has the id %s', (text, id) => {
    expect(readTopLevelId(text)).toBe(id);
  });

  it.each(['A'.repeat(20_000_000), '\\n'.repeat(10_000_000), '\\\\\\"'.repeat(5_000_000)])(
    'reads past a string of any length',
    (long) => {
      expect(readTopLevelId(`{"a":"${long}","id":7,`)).toBe('7');
      expect(readTopLevelId(`{"a":"${long}`)).toBe(null);
    },
  );
});

/** Text in the alphabet of JSON, which gets further into the reader than any text does. */
const jsonLike = fc
  .array(fc.constantFrom('{', '}', '[', ']', ',', ':', '"id"', '"id', '"', '\\', '7', '-', ' ', 'x', '"a"'), {
    maxLength: 40,
  })
  .map((tokens) => tokens.join(''));
const anyText = fc.oneof(fc.string({ unit: 'binary' }), jsonLike, fc.json());
const anyId = fc.oneof(fc.string({ unit: 'binary' }), fc.maxSafeInteger());

describe('any text and any value', () => {
  it('never throws', () => {
    fc.assert(
      fc.property(anyText, (text) => {
        const id = readTopLevelId(text);
        if (id !== null) expect(['string', 'number']).toContain(typeof JSON.parse(id));
      }),
    );
    fc.assert(
      fc.property(fc.jsonValue(), anyText, (value, text) => {
        expect(classify(value, text)).toHaveProperty('kind');
      }),
    );
  });

  it('finds the id of any object, wherever the member stands', () => {
    const members = fc.dictionary(
      fc.string({ unit: 'binary' }).filter((key) => key !== 'id'),
      fc.jsonValue({ stringUnit: 'binary' }),
    );
    fc.assert(
      fc.property(members, members, anyId, (before, after, id) => {
        const text = JSON.stringify(
          Object.fromEntries([...Object.entries(before), ['id', id], ...Object.entries(after)]),
        );
        expect(readTopLevelId(text)).toBe(JSON.stringify(id));
      }),
    );
  });

  it('finds the same id, or none, in what is left of a message that was cut off', () => {
    fc.assert(
      fc.property(fc.jsonValue(), anyId, fc.nat(), (params, id, length) => {
        const text = JSON.stringify({ method: 'm', params, id, more: params });
        const found = readTopLevelId(text.slice(0, length % (text.length + 1)));
        if (found !== null) expect(found).toBe(JSON.stringify(id));
      }),
    );
  });
});

describe('readAnswerId', () => {
  it.each<[string, string | null]>([
    ['{"id":7,"result":{"a":', '7'],
    ['{"jsonrpc":"2.0","error":{"code":1},"id":7,', '7'],
    ['{"id":7,"method":"m","params":{"result":1', null],
    ['{"method":"m","id":7,"result":', null],
    ['{"id":7,"params":{"result":{}', null],
    ['{"id":7', null],
    ['{"result":{"id":7}', null],
    ['[{"id":7,"result":1}]', null],
  ])('finds in %s the id %s', (text, id) => {
    expect(readAnswerId(text)).toBe(id);
  });
});
