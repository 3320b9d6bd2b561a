import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { errorCode } from '../../src/util/error-code.ts';
import { errorMessage } from '../../src/util/errors.ts';

it.each<[string, unknown, string]>([
  ['an error', new Error('no'), 'no'],
  ['an error without a message', new TypeError(), 'TypeError'],
  ['an error with a cause', new Error('no', { cause: new Error('why') }), 'no'],
  [
    'several errors',
    new AggregateError([new Error('a'), 'b', new AggregateError([new RangeError()])]),
    'a; b; RangeError',
  ],
  ['several errors with a message of their own', new AggregateError([new Error('a')], 'all'), 'all'],
  ['no errors at all', new AggregateError([]), 'unknown error'],
  ['a string', 'no', 'no'],
  ['an empty string', '', 'unknown error'],
  ['undefined', undefined, 'undefined'],
  ['null', null, 'null'],
  ['a number', 5, '5'],
  ['a symbol', Symbol('no'), 'Symbol(no)'],
])('errorMessage of %s', (_what, error, message) => {
  expect(errorMessage(error)).toBe(message);
});

it('errorCode of a failed system call, without its path', () => {
  let error: unknown;
  try {
    readFileSync('/no/such/file');
  } catch (thrown) {
    error = thrown;
  }
  expect(errorCode(error)).toBe('ENOENT');
});

it.each([
  new Error('no'),
  Object.assign(new Error('no'), { code: 5 }),
  { code: 'ENOENT' },
  'ENOENT',
  null,
  undefined,
])('errorCode of anything else: %s', (error) => {
  expect(errorCode(error)).toBe('unknown error');
});
