import { createHmac, generateKeyPairSync, sign } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { jwtProblem } from '../../src/listen/auth/jwt.ts';
import { encode, jwt, SECRET } from './tokens.ts';

const NOW = 1_800_000_000;

const RULES = { secret: Buffer.from(SECRET), issuer: null, audience: null, maxClockSkewSeconds: 30 };

function problem(token: string, rules: Partial<typeof RULES> | object = {}): string | null {
  return jwtProblem(token, { ...RULES, ...rules }, NOW);
}

const GOOD = jwt({ exp: NOW + 60 });

describe('a signed token', () => {
  it('is valid until it expires, and a while longer for clocks that differ', () => {
    expect(problem(GOOD)).toBeNull();
    expect(problem(jwt({ exp: NOW - 30 }))).toBeNull();
    expect(problem(jwt({ exp: NOW - 31 }))).toBe('expired websocket jwt');
    expect(problem(jwt({ exp: NOW - 1 }), { maxClockSkewSeconds: 0 })).toBe('expired websocket jwt');
  });

  it('is not valid before its time', () => {
    expect(problem(jwt({ exp: NOW + 99, nbf: NOW + 30 }))).toBeNull();
    expect(problem(jwt({ exp: NOW + 99, nbf: NOW + 31 }))).toBe('websocket jwt is not valid yet');
  });

  it.each([
    ['issuer', 'iss', 'websocket jwt issuer mismatch'],
    ['audience', 'aud', 'websocket jwt audience mismatch'],
  ])('has to name the %s that is asked for', (rule, claim, mismatch) => {
    const token = (value: unknown): string => jwt({ exp: NOW, [claim]: value });
    expect(problem(token('a'), { [rule]: 'a' })).toBeNull();
    expect(problem(token('a'))).toBeNull();
    for (const wrong of ['b', '', 'A', null, 1, { a: 'a' }]) {
      expect(problem(token(wrong), { [rule]: 'a' })).toBe(mismatch);
    }
    expect(problem(GOOD, { [rule]: 'a' })).toBe(mismatch);
  });

  it('may name several audiences, but one issuer', () => {
    const token = jwt({ exp: NOW, aud: ['b', 'a'], iss: ['a'] });
    expect(problem(token, { audience: 'a' })).toBeNull();
    expect(problem(token, { audience: 'c' })).toBe('websocket jwt audience mismatch');
    expect(problem(token, { issuer: 'a' })).toBe('websocket jwt issuer mismatch');
  });

  it.each([
    ['no time to expire', jwt({})],
    ['a text for a time', jwt({ exp: String(NOW + 60) })],
    ['a text for the time it begins', jwt({ exp: NOW + 60, nbf: 'now' })],
    ['an array for claims', jwt([NOW])],
    ['another secret', jwt({ exp: NOW + 60 }, { secret: `${SECRET}!` })],
    ['no algorithm', jwt({ exp: NOW + 60 }, { header: { typ: 'JWT' } })],
    ['the algorithm none', jwt({ exp: NOW + 60 }, { header: { alg: 'none' } })],
    ['an algorithm in small letters', jwt({ exp: NOW + 60 }, { header: { alg: 'hs256' } })],
    ['an extension', jwt({ exp: NOW + 60 }, { header: { alg: 'HS256', crit: ['x'], x: 1 } })],
    ['no signature', `${GOOD.slice(0, GOOD.lastIndexOf('.'))}.`],
    ['two parts', GOOD.slice(0, GOOD.lastIndexOf('.'))],
    ['four parts', `${GOOD}.`],
    ['padding', `${GOOD}=`],
    ['nothing', ''],
  ])('with %s is invalid', (_what, token) => {
    expect(problem(token)).toBe('invalid websocket jwt');
  });

  it('is invalid with a longer digest, and with a signature of a key pair', () => {
    const content = (alg: string): string => `${encode({ alg })}.${encode({ exp: NOW + 60 })}`;
    const long = createHmac('sha512', SECRET).update(content('HS512')).digest('base64url');
    expect(problem(`${content('HS512')}.${long}`)).toBe('invalid websocket jwt');
    const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
    const signature = sign('sha256', Buffer.from(content('RS256')), privateKey).toString('base64url');
    expect(problem(`${content('RS256')}.${signature}`)).toBe('invalid websocket jwt');
  });

  it('is invalid after any change', () => {
    const position = fc.integer({ min: 0, max: GOOD.length - 1 });
    fc.assert(
      fc.property(
        position,
        fc.constantFrom('A', 'a', '0', '_', '-', '.', '=', ' ', '\u00e9'),
        (at, letter) => {
          fc.pre(GOOD[at] !== letter);
          expect(problem(GOOD.slice(0, at) + letter + GOOD.slice(at + 1))).toBe('invalid websocket jwt');
        },
      ),
      { numRuns: 500 },
    );
  });

  it('is read whatever it is', () => {
    const signedNonsense = fc
      .tuple(fc.jsonValue(), fc.jsonValue())
      .map(([header, claims]) => jwt(claims, { header }));
    fc.assert(
      fc.property(fc.oneof(fc.string(), signedNonsense), (token) => {
        expect(problem(token)).toBe('invalid websocket jwt');
      }),
    );
  });
});
