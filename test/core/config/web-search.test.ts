import { expect, test } from 'vitest';
import { configOf, errorOf } from './home.ts';

const NO_OPTIONS = { contextSize: null, allowedDomains: null, location: null };

test.each([
  ['nothing', '', 'cached'],
  ['the mode', 'web_search = "disabled"', 'disabled'],
  ['the mode', 'web_search = "live"', 'live'],
  ['the switch of old', 'tools.web_search = true', 'live'],
  ['the switch of old', 'tools.web_search = false', 'disabled'],
  ['features of old', 'features.web_search_request = true', 'live'],
  ['features of old', 'features.web_search_cached = true', 'cached'],
  ['both features of old', 'features = { web_search_request = true, web_search_cached = true }', 'cached'],
  ['a feature of old that is off', 'features.web_search_request = false', 'cached'],
  ['the switch beside features', 'tools.web_search = false\nfeatures.web_search_request = true', 'disabled'],
  [
    'the mode beside all of them',
    'web_search = "cached"\ntools.web_search = false\nfeatures.web_search_request = true',
    'cached',
  ],
])('%s decides on the mode: %s', (_case, user, mode) => {
  expect(configOf({ user }).webSearch).toEqual({ mode, ...NO_OPTIONS });
});

test('a profile and the command line have it as they have other keys', () => {
  const user = 'profile = "quick"\nweb_search = "live"\n[profiles.quick]\nweb_search = "disabled"';
  expect(configOf({ user }).webSearch.mode).toBe('disabled');
  expect(configOf({ user, overrides: ['web_search=cached'] }).webSearch.mode).toBe('cached');
});

test('the options are read, and leave the mode alone', () => {
  const user = `
[tools.web_search]
context_size = "low"
allowed_domains = []
location = { city = "Paris" }
another = 1
`;
  expect(configOf({ user }).webSearch).toEqual({
    mode: 'cached',
    contextSize: 'low',
    allowedDomains: [],
    location: { city: 'Paris' },
  });
});

test.each([
  [
    'web_search = "sometimes"',
    'web_search',
    'expected one of "disabled", "cached", "live", found "sometimes"',
  ],
  ['tools.web_search = "live"', 'tools.web_search', 'expected a table, or true or false, found a string'],
  ['tools = 1', 'tools', 'expected a table, found a whole number'],
  [
    'tools.web_search.context_size = "huge"',
    'tools.web_search.context_size',
    'expected one of "low", "medium", "high", found "huge"',
  ],
  [
    'tools.web_search.allowed_domains = "a.com"',
    'tools.web_search.allowed_domains',
    'expected an array of strings, found a string',
  ],
  [
    'tools.web_search.location = { city = 5 }',
    'tools.web_search.location.city',
    'expected a string, found a whole number',
  ],
])('%s is refused where it stands', (user, key, message) => {
  expect(errorOf({ user })).toMatchObject({
    key,
    line: 1,
    message: expect.stringContaining(message) as string,
  });
});
