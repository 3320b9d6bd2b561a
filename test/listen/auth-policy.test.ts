import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { authenticator } from '../../src/listen/auth/authenticator.ts';
import { authPolicy } from '../../src/listen/auth/policy.ts';
import type { AuthOptions } from '../../src/listen/auth/policy.ts';
import { ListenError } from '../../src/listen/errors.ts';
import { jwt, SECRET } from './tokens.ts';

function file(content: string): string {
  const folder = mkdtempSync(join(tmpdir(), 'parley-auth-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const path = join(folder, 'secret');
  writeFileSync(path, content);
  return path;
}

function digestOf(token: string): string {
  return createHash('sha256').update(token).digest('hex');
}

const capability = { wsAuth: 'capability-token' } as const;
const signed = { wsAuth: 'signed-bearer-token' } as const;

describe('the options about who may connect', () => {
  it('are no policy where there are none', () => {
    expect(authPolicy({})).toBeNull();
  });

  it('name a token by its file or its digest', () => {
    const sha256 = Buffer.from(digestOf('secret'), 'hex');
    expect(authPolicy({ ...capability, wsTokenFile: file(' secret\n') })).toEqual({
      mode: 'capability-token',
      sha256,
    });
    for (const wsTokenSha256 of [digestOf('secret'), digestOf('secret').toUpperCase()]) {
      expect(authPolicy({ ...capability, wsTokenSha256 })).toEqual({ mode: 'capability-token', sha256 });
    }
  });

  it('name the secret of signed tokens and what they have to say', () => {
    const wsSharedSecretFile = file(`\n${SECRET}\n`);
    const rules = { secret: Buffer.from(SECRET), issuer: null, audience: null, maxClockSkewSeconds: 30 };
    expect(authPolicy({ ...signed, wsSharedSecretFile })).toEqual({ mode: 'signed-bearer-token', rules });
    expect(
      authPolicy({
        ...signed,
        wsSharedSecretFile,
        wsIssuer: 'i',
        wsAudience: 'a',
        wsMaxClockSkewSeconds: 0,
      }),
    ).toEqual({
      mode: 'signed-bearer-token',
      rules: { ...rules, issuer: 'i', audience: 'a', maxClockSkewSeconds: 0 },
    });
  });

  it.each<[AuthOptions, string]>([
    [{ wsTokenFile: 'x' }, '--ws-token-file needs --ws-auth capability-token'],
    [{ wsTokenSha256: 'x' }, '--ws-token-sha256 needs --ws-auth capability-token'],
    [{ wsSharedSecretFile: 'x' }, '--ws-shared-secret-file needs --ws-auth signed-bearer-token'],
    [{ wsIssuer: 'x' }, '--ws-issuer needs --ws-auth signed-bearer-token'],
    [{ wsAudience: 'x' }, '--ws-audience needs --ws-auth signed-bearer-token'],
    [{ wsMaxClockSkewSeconds: 0 }, '--ws-max-clock-skew-seconds needs --ws-auth signed-bearer-token'],
    [
      { ...signed, wsTokenFile: 'x' },
      '--ws-token-file is for --ws-auth capability-token, not signed-bearer-token',
    ],
    [
      { ...capability, wsIssuer: 'x' },
      '--ws-issuer is for --ws-auth signed-bearer-token, not capability-token',
    ],
    [capability, '--ws-auth capability-token needs --ws-token-file or --ws-token-sha256'],
    [signed, '--ws-auth signed-bearer-token needs --ws-shared-secret-file'],
    [
      { ...capability, wsTokenFile: 'x', wsTokenSha256: 'x' },
      '--ws-token-file and --ws-token-sha256 exclude each other',
    ],
    [{ ...capability, wsTokenSha256: 'ab' }, '--ws-token-sha256 must be 64 hexadecimal digits'],
    [
      { ...capability, wsTokenFile: '/nowhere/token' },
      "cannot read the file of --ws-token-file: ENOENT: no such file or directory, open '/nowhere/token'",
    ],
  ])('are refused: %j', (options, message) => {
    expect(() => authPolicy(options)).toThrow(new ListenError(message));
  });

  it('are refused with an empty token, a short secret, or an empty name', () => {
    const empty = file(' \n');
    expect(() => authPolicy({ ...capability, wsTokenFile: empty })).toThrow(
      new ListenError(`the token file ${empty} is empty`),
    );
    const short = file(` ${'x'.repeat(31)} `);
    expect(() => authPolicy({ ...signed, wsSharedSecretFile: short })).toThrow(
      new ListenError(`the shared secret in ${short} must be at least 32 bytes`),
    );
    expect(() => authPolicy({ ...signed, wsSharedSecretFile: file(SECRET), wsIssuer: ' ' })).toThrow(
      new ListenError('--ws-issuer must not be empty'),
    );
  });
});

describe('a request', () => {
  const policy = authPolicy({ ...capability, wsTokenSha256: digestOf('let.me-in') })!;
  const check = authenticator(policy, () => 0);

  it.each(['Bearer let.me-in', 'bearer let.me-in', 'BEARER \t let.me-in '])(
    'passes with %s',
    (authorization) => {
      expect(check({ authorization })).toBeNull();
    },
  );

  it('passes with its token among its subprotocols, where it has no header', () => {
    expect(check({ 'sec-websocket-protocol': 'parley,parley.bearer.let.me-in' })).toBeNull();
    expect(check({ 'sec-websocket-protocol': 'parley.bearer.let.me-in , parley' })).toBeNull();
  });

  it.each([
    [{}, 'missing websocket bearer token'],
    [{ 'sec-websocket-protocol': 'parley, other' }, 'missing websocket bearer token'],
    [{ authorization: '' }, 'invalid authorization header'],
    [{ authorization: 'Bearer' }, 'invalid authorization header'],
    [{ authorization: 'Bearer ' }, 'invalid authorization header'],
    [{ authorization: 'Bearer a b' }, 'invalid authorization header'],
    [{ authorization: 'Basic let.me-in' }, 'invalid authorization header'],
    [{ authorization: 'let.me-in' }, 'invalid authorization header'],
    [{ 'sec-websocket-protocol': 'parley.bearer.' }, 'invalid authorization header'],
    [{ authorization: 'Bearer let.me-In' }, 'invalid websocket bearer token'],
    [{ 'sec-websocket-protocol': 'parley.bearer.x' }, 'invalid websocket bearer token'],
    [
      { authorization: 'Bearer x', 'sec-websocket-protocol': 'parley.bearer.let.me-in' },
      'invalid websocket bearer token',
    ],
  ])('is refused with %j', (headers, reason) => {
    expect(check(headers)).toBe(reason);
  });

  it('with a signed token is measured by the clock', () => {
    const rules = { secret: Buffer.from(SECRET), issuer: null, audience: null, maxClockSkewSeconds: 0 };
    let now = 1_000_000;
    const checkSigned = authenticator({ mode: 'signed-bearer-token', rules }, () => now);
    const headers = { authorization: `Bearer ${jwt({ exp: 1_000 })}` };
    expect(checkSigned(headers)).toBeNull();
    now += 1_000;
    expect(checkSigned(headers)).toBe('expired websocket jwt');
  });
});
