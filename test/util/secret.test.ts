import { format, inspect } from 'node:util';
import { expect, test } from 'vitest';
import { Secret } from '../../src/util/secret.ts';

test('only reveal gives the text', () => {
  const secret = new Secret('sk-hidden');
  expect(secret.reveal()).toBe('sk-hidden');
  const shown = [
    String(secret),
    String(secret),
    JSON.stringify({ secret }),
    inspect({ secret }, { showHidden: true }),
    format('%s %o %j', secret, secret, secret),
    JSON.stringify(Object.entries(secret)),
  ];
  expect(shown.join(' ')).not.toContain('sk-hidden');
  expect(JSON.stringify({ secret })).toBe('{"secret":"[redacted]"}');
});
