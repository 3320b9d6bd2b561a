import { expect, test } from 'vitest';
import { mergeHeaders } from '../../src/realtime/headers.ts';

test('extra headers replace those of the provider, defaults only fill what is missing', () => {
  expect(
    mergeHeaders(
      { originator: 'provider', 'x-priority': 'provider' },
      { 'x-priority': 'extra' },
      { originator: 'default', 'x-priority': 'default', 'x-default-only': 'default' },
    ),
  ).toEqual({ originator: 'provider', 'x-priority': 'extra', 'x-default-only': 'default' });
});

test('names are the same whatever their case, and the last layer has its way of writing', () => {
  expect(
    mergeHeaders(
      { AUTHORIZATION: 'provider', 'user-agent': 'provider' },
      { Authorization: 'extra' },
      { 'User-Agent': 'default', Originator: 'default' },
    ),
  ).toEqual({ Authorization: 'extra', 'user-agent': 'provider', Originator: 'default' });
});

test('nothing merges to nothing', () => {
  expect(mergeHeaders({}, {}, {})).toEqual({});
});
