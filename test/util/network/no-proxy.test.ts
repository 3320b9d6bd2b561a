import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { isExempt } from '../../../src/util/network/no-proxy.ts';

const host = fc.domain();
const port = fc.integer({ min: 1, max: 65_535 });

describe('properties', () => {
  test('a domain covers itself and what is below it, with or without a dot before it', () => {
    const prefix = fc.constantFrom('', '.', '*.');
    fc.assert(
      fc.property(host, fc.domain(), port, prefix, (domain, below, at, dot) => {
        const list = `${dot}${domain.toUpperCase()}`;
        expect(isExempt({ host: domain, port: at }, list)).toBe(true);
        expect(isExempt({ host: `${below}.${domain}`, port: at }, list)).toBe(true);
        expect(isExempt({ host: `x${domain}`, port: at }, list)).toBe(false);
      }),
    );
  });

  test('an entry with a port covers that port alone', () => {
    fc.assert(
      fc.property(host, port, port, (name, one, other) => {
        expect(isExempt({ host: name, port: one }, `${name}:${other}`)).toBe(one === other);
      }),
    );
  });

  test('one entry that covers is enough, wherever it stands', () => {
    const noise = fc.array(fc.constantFrom('', ' ', '10.0.0.0/8', 'other.invalid', ':', '[', '/'));
    fc.assert(
      fc.property(noise, noise, host, port, (before, after, name, at) => {
        expect(isExempt({ host: name, port: at }, [...before, name, ...after].join(','))).toBe(true);
        expect(isExempt({ host: name, port: at }, [...before, ...after].join(','))).toBe(false);
      }),
    );
  });

  test('has an answer for every list', () => {
    const piece = fc.constantFrom(
      '[',
      ']',
      ':',
      '/',
      '*',
      '.',
      ',',
      '%',
      '::1',
      '10.0.0.1',
      '33',
      'fe80::1%eth0',
      'a',
    );
    const list = fc.oneof(
      fc.string(),
      fc.array(piece).map((pieces) => pieces.join('')),
    );
    fc.assert(
      fc.property(list, fc.oneof(host, fc.ipV4(), fc.ipV6()), port, (text, name, at) => {
        expect(typeof isExempt({ host: name, port: at }, text)).toBe('boolean');
      }),
    );
  });
});

test.each([
  ['*', 'anything.test', 443, true],
  ['*:8080', 'anything.test', 8080, true],
  ['*:8080', 'anything.test', 443, false],
  ['a.test b.test', 'b.test', 443, true],
  ['b.test.', 'b.test', 443, true],
  ['bücher.test', 'xn--bcher-kva.test', 443, true],
  ['a_b.test', 'a_b.test', 443, true],
  ['127.0.0.1', '127.0.0.1', 443, true],
  ['127.0.0.1:80', '127.0.0.1', 443, false],
  ['0.0.1', '127.0.0.1', 443, false],
  ['::1', '::1', 443, true],
  ['[::1]', '::1', 443, true],
  ['[::1]:443', '::1', 443, true],
  ['[::1]:443', '::1', 80, false],
  ['0:0:0:0:0:0:0:1', '::1', 443, true],
  ['10.0.0.0/8', '10.20.30.40', 443, true],
  ['10.0.0.0/8', '11.0.0.1', 443, false],
  ['10.0.0.0/8', '10.test', 443, false],
  ['10.0.0.0/33', '10.0.0.1', 443, false],
  ['fd00::/8', 'fd12::1', 443, true],
  ['fd00::/8', 'fe80::1', 443, false],
  ['0.0.0.0/0', '1.2.3.4', 443, true],
  ['', 'a.test', 443, false],
])('%j, %s:%i: %j', (list, name, at, covered) => {
  expect(isExempt({ host: name, port: at }, list)).toBe(covered);
});
