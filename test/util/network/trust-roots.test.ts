import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { derElementLength } from '../../../src/util/network/certificate-bundle.ts';
import { loadTrustRoots } from '../../../src/util/network/index.ts';
import type { TrustOutcome } from '../../../src/util/network/index.ts';
import { createAuthority, derOf, pemOf, trustedPem } from './support/certificates.ts';

const environment = { CODEX_CA_CERTIFICATE: 'bundle.pem' };
const folder = mkdtempSync(join(tmpdir(), 'parley-roots-'));

let first: string;
let second: string;

beforeAll(async () => {
  first = (await createAuthority('First')).certificate;
  second = (await createAuthority('Second')).certificate;
});

afterAll(() => {
  rmSync(folder, { recursive: true });
});

function load(text: string | Uint8Array): Promise<TrustOutcome> {
  return loadTrustRoots(environment, () => Promise.resolve(Buffer.from(text)));
}

/** The certificates without what one PEM text may differ in from another. */
async function loadedBytes(text: string | Uint8Array): Promise<Buffer[] | string> {
  const outcome = await load(text);
  return outcome.ok ? outcome.roots.certificates.map(derOf) : outcome.message;
}

function complaint(problem: string): TrustOutcome {
  return {
    ok: false,
    message:
      `the CA bundle bundle.pem, named by CODEX_CA_CERTIFICATE, is not a usable PEM bundle: ${problem}. ` +
      'Let CODEX_CA_CERTIFICATE or SSL_CERT_FILE name a PEM file with at least one CERTIFICATE block, ' +
      'or unset CODEX_CA_CERTIFICATE.',
  };
}

describe('selection', () => {
  const one = { CODEX_CA_CERTIFICATE: 'a.pem' };
  const other = { SSL_CERT_FILE: 'b.pem' };
  test.each([
    { variables: {}, selection: null },
    { variables: { CODEX_CA_CERTIFICATE: '', SSL_CERT_FILE: '' }, selection: null },
    { variables: one, selection: { variable: 'CODEX_CA_CERTIFICATE', path: 'a.pem' } },
    { variables: other, selection: { variable: 'SSL_CERT_FILE', path: 'b.pem' } },
    { variables: { ...one, ...other }, selection: { variable: 'CODEX_CA_CERTIFICATE', path: 'a.pem' } },
    {
      variables: { CODEX_CA_CERTIFICATE: '', ...other },
      selection: { variable: 'SSL_CERT_FILE', path: 'b.pem' },
    },
    { variables: { CODEX_CA_CERTIFICATE: ' ' }, selection: { variable: 'CODEX_CA_CERTIFICATE', path: ' ' } },
  ])('of $variables', async ({ variables, selection }) => {
    const read: string[] = [];
    const outcome = await loadTrustRoots(variables, (path) => {
      read.push(path);
      return Promise.resolve(Buffer.from(first));
    });
    expect(read).toEqual(selection === null ? [] : [selection.path]);
    expect(outcome).toEqual({
      ok: true,
      roots: { selection, certificates: selection === null ? [] : [first], ignoredRevocationLists: 0 },
    });
  });
});

describe('accepts', () => {
  test('several certificates among other text', async () => {
    expect(await loadedBytes(`one\n${first}two\n${second}three`)).toEqual([derOf(first), derOf(second)]);
  });

  test('a byte order mark and bytes that are no text', async () => {
    const text = Buffer.concat([
      Buffer.from([0xef, 0xbb, 0xbf]),
      Buffer.from(first),
      Buffer.from([0xff, 0xfe]),
    ]);
    expect(await loadedBytes(text)).toEqual([derOf(first)]);
  });

  test('trusted certificates beside plain ones', async () => {
    expect(await loadedBytes(trustedPem(first) + second)).toEqual([derOf(first), derOf(second)]);
  });

  test('revocation lists, which are counted', async () => {
    const list = pemOf('X509 CRL', Buffer.from('any bytes'));
    expect(await load(list + first + list)).toEqual({
      ok: true,
      roots: {
        selection: { variable: 'CODEX_CA_CERTIFICATE', path: 'bundle.pem' },
        certificates: [first],
        ignoredRevocationLists: 2,
      },
    });
  });

  test('whatever follows the certificate in a trusted section', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array(), async (tail) => {
        const pem = pemOf('TRUSTED CERTIFICATE', Buffer.concat([derOf(first), tail]));
        expect(await loadedBytes(pem)).toEqual([derOf(first)]);
      }),
    );
  });
});

describe('refuses', () => {
  test.each([
    ['an empty file', () => '', 'it holds no certificate'],
    ['a file with a key alone', () => pemOf('PRIVATE KEY', Buffer.of(1)), 'it holds no certificate'],
    ['a list alone', () => pemOf('X509 CRL', Buffer.of(1)), 'it holds no certificate'],
    [
      'a cut file',
      () => first + second.slice(0, 200),
      'the CERTIFICATE section that begins on line LINE has no END line',
    ],
    [
      'a list without its end',
      () => `${first}-----BEGIN X509 CRL-----\nMIIB\n`,
      'the X509 CRL section that begins on line LINE has no END line',
    ],
    [
      'a list that is not base64',
      () => `${first}-----BEGIN X509 CRL-----\n!\n-----END X509 CRL-----\n`,
      'the X509 CRL section on line LINE is not valid base64',
    ],
    [
      'a certificate that is not base64',
      () => `${first}-----BEGIN CERTIFICATE-----\nMI=B\n-----END CERTIFICATE-----\n`,
      'the CERTIFICATE section on line LINE is not valid base64',
    ],
    [
      'bytes after a plain certificate',
      () => first + pemOf('CERTIFICATE', Buffer.concat([derOf(second), Buffer.of(0)])),
      'the CERTIFICATE section on line LINE goes on after the certificate',
    ],
    [
      'a trusted certificate that is cut',
      () => first + pemOf('TRUSTED CERTIFICATE', derOf(second).subarray(0, -1)),
      'the TRUSTED CERTIFICATE section on line LINE has an invalid DER length',
    ],
    [
      'what is base64 and DER but no certificate',
      () => first + pemOf('CERTIFICATE', Buffer.from('3003020100', 'hex')),
      'certificate 2, on line LINE, is not a valid X.509 certificate',
    ],
    [
      'an empty section',
      () => `${first}-----BEGIN CERTIFICATE-----\n-----END CERTIFICATE-----\n`,
      'the CERTIFICATE section on line LINE has an invalid DER length',
    ],
  ])('%s', async (_kind, text, problem) => {
    const line = String(first.split('\n').length);
    expect(await load(text())).toEqual(complaint(problem.replace('LINE', line)));
  });

  test('what cannot be read', async () => {
    expect(await loadTrustRoots(environment, () => Promise.reject(new Error('no such luck')))).toEqual({
      ok: false,
      message:
        'the CA bundle bundle.pem, named by CODEX_CA_CERTIFICATE, cannot be read: no such luck. ' +
        'Let CODEX_CA_CERTIFICATE or SSL_CERT_FILE name a PEM file with at least one CERTIFICATE block, ' +
        'or unset CODEX_CA_CERTIFICATE.',
    });
  });

  test('a path that is no file, whatever the variable', async () => {
    const outcome = await loadTrustRoots({ SSL_CERT_FILE: folder });
    expect(outcome.ok ? '' : outcome.message).toBe(
      `the CA bundle ${folder}, named by SSL_CERT_FILE, cannot be read: it is a directory. ` +
        'Let CODEX_CA_CERTIFICATE or SSL_CERT_FILE name a PEM file with at least one CERTIFICATE block, ' +
        'or unset SSL_CERT_FILE.',
    );
  });
});

test('reads a file from the disk', async () => {
  const path = join(folder, 'bundle.pem');
  writeFileSync(path, first);
  expect(await loadTrustRoots({ SSL_CERT_FILE: path })).toEqual({
    ok: true,
    roots: {
      selection: { variable: 'SSL_CERT_FILE', path },
      certificates: [first],
      ignoredRevocationLists: 0,
    },
  });
});

describe('the length of a DER element', () => {
  test('is that of its header and content', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 70_000 }), fc.uint8Array({ maxLength: 8 }), (content, tail) => {
        const size = content.length;
        const length =
          size < 0x80
            ? [size]
            : size < 0x100
              ? [0x81, size]
              : size < 0x10000
                ? [0x82, size >> 8, size & 0xff]
                : [0x83, size >> 16, (size >> 8) & 0xff, size & 0xff];
        const element = Buffer.concat([Buffer.of(0x30, ...length), content]);
        expect(derElementLength(Buffer.concat([element, tail]))).toBe(element.length);
        expect(derElementLength(element.subarray(0, -1))).toBe(null);
      }),
    );
  });

  test.each([
    ['nothing', ''],
    ['a tag alone', '30'],
    ['an indefinite length', '30800000'],
    ['a length that is cut off', '3082ff'],
    ['a length of more than four bytes', '3085000000000100'],
  ])('is not told by %s', (_kind, hex) => {
    expect(derElementLength(Buffer.from(hex, 'hex'))).toBe(null);
  });
});
