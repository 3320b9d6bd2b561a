import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createAuthority, createServerIdentity, pemOf, trustedPem } from './support/certificates.ts';
import type { Identity } from './support/certificates.ts';
import type { Report } from './support/program.ts';
import { buildProgram } from './support/run-program.ts';
import type { Program } from './support/run-program.ts';
import { startEchoServer } from './support/servers.ts';
import type { EchoServer } from './support/servers.ts';

const folder = mkdtempSync(join(tmpdir(), 'parley-trust-'));
const NO_PROXIES = { proxyVariables: [], noProxyVariable: null };
const UNTRUSTED = {
  error: expect.stringMatching(/^unable to (?:verify the first|get local issuer) certificate/),
};
const WELCOME = [{ said: '200 echo of a body' }, { said: 'echo of a frame' }];

let program: Program;
let root: Identity;
let intermediate: Identity;
let server: EchoServer;
let otherServer: EchoServer;

beforeAll(async () => {
  root = await createAuthority('Test root');
  intermediate = await createAuthority('Test intermediate', root);
  server = await startEchoServer(await createServerIdentity(root));
  otherServer = await startEchoServer(await createServerIdentity(intermediate));
  program = await buildProgram();
});

afterAll(async () => {
  program.remove();
  await Promise.all([server.close(), otherServer.close()]);
  rmSync(folder, { recursive: true });
});

function write(name: string, text: string): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}

/** By request and by socket. */
function visit(environment: Readonly<Record<string, string>>, { port } = server): Promise<Report> {
  return program.run(environment, `https://127.0.0.1:${port}/`, `wss://localhost:${port}/`);
}

function loaded(
  caVariable: string,
  caPath: string,
  certificateCount: number,
  lists = 0,
): Report['log'][number] {
  return {
    level: 'info',
    fields: { caVariable, caPath, certificateCount, ignoredRevocationLists: lists },
    message: 'CA bundle loaded',
  };
}

test('without a bundle only the authorities of Node are trusted', async () => {
  expect(await visit({})).toEqual({
    visits: [UNTRUSTED, UNTRUSTED],
    log: [],
    description: { caVariable: null, caPath: null, ...NO_PROXIES },
  });
});

test.each(['CODEX_CA_CERTIFICATE', 'SSL_CERT_FILE'])('the bundle of %s is trusted', async (variable) => {
  const path = write('root.pem', root.certificate);
  expect(await visit({ [variable]: path })).toEqual({
    visits: WELCOME,
    log: [loaded(variable, path, 1)],
    description: { caVariable: variable, caPath: path, ...NO_PROXIES },
  });
});

test('an empty CODEX_CA_CERTIFICATE gives way to SSL_CERT_FILE', async () => {
  const path = write('root.pem', root.certificate);
  expect(await visit({ CODEX_CA_CERTIFICATE: '', SSL_CERT_FILE: path })).toEqual({
    visits: WELCOME,
    log: [loaded('SSL_CERT_FILE', path, 1)],
    description: { caVariable: 'SSL_CERT_FILE', caPath: path, ...NO_PROXIES },
  });
});

test('CODEX_CA_CERTIFICATE wins, and the file of SSL_CERT_FILE is not looked at', async () => {
  const path = write('root.pem', root.certificate);
  const empty = write('empty.pem', '');
  expect(await visit({ CODEX_CA_CERTIFICATE: path, SSL_CERT_FILE: empty })).toMatchObject({
    visits: WELCOME,
    log: [loaded('CODEX_CA_CERTIFICATE', path, 1)],
  });
});

test('a bundle of another authority opens nothing', async () => {
  const stranger = await createAuthority('Stranger');
  const path = write('stranger.pem', stranger.certificate);
  expect(await visit({ CODEX_CA_CERTIFICATE: path })).toMatchObject({
    visits: [UNTRUSTED, UNTRUSTED],
    log: [loaded('CODEX_CA_CERTIFICATE', path, 1)],
  });
});

test('a name that the certificate does not hold is refused although its issuer is trusted', async () => {
  const path = write('root.pem', root.certificate);
  const impostor = await startEchoServer(await createServerIdentity(root, ['other.test']));
  const { visits } = await visit({ CODEX_CA_CERTIFICATE: path }, impostor);
  await impostor.close();
  expect(visits).toEqual([
    { error: expect.stringMatching(/IP: 127\.0\.0\.1 is not in the cert's list/) },
    { error: expect.stringMatching(/Host: localhost\. is not in the cert's altnames: DNS:other\.test/) },
  ]);
});

test('an intermediate authority is enough', async () => {
  const path = write('intermediate.pem', intermediate.certificate);
  expect((await visit({ CODEX_CA_CERTIFICATE: path }, otherServer)).visits).toEqual(WELCOME);
});

test('several certificates, a revocation list, a key and comments may stand in one file', async () => {
  const path = write(
    'mixed.pem',
    [
      '# authorities of the test',
      pemOf('X509 CRL', Buffer.from('3003020100', 'hex')),
      intermediate.certificate,
      'the root:',
      root.certificate,
      pemOf('PRIVATE KEY', Buffer.from('not a key')),
    ].join('\n'),
  );
  expect(await visit({ SSL_CERT_FILE: path })).toMatchObject({
    visits: WELCOME,
    log: [loaded('SSL_CERT_FILE', path, 2, 1)],
  });
});

test("OpenSSL's trusted certificates are trusted", async () => {
  const path = write('trusted.pem', trustedPem(root.certificate));
  expect(await visit({ CODEX_CA_CERTIFICATE: path })).toMatchObject({
    visits: WELCOME,
    log: [loaded('CODEX_CA_CERTIFICATE', path, 1)],
  });
});

describe('a bundle that cannot be used stops every connection, and the reason is logged once', () => {
  test.each([
    {
      kind: 'missing',
      text: null,
      problem: (path: string) => `cannot be read: ENOENT: no such file or directory, open '${path}'`,
    },
    { kind: 'empty', text: '', problem: () => 'is not a usable PEM bundle: it holds no certificate' },
    {
      kind: 'malformed',
      text: '-----BEGIN CERTIFICATE-----\nMIIB\n',
      problem: () =>
        'is not a usable PEM bundle: the CERTIFICATE section that begins on line 1 has no END line',
    },
  ])('$kind', async ({ kind, text, problem }) => {
    const path = text === null ? join(folder, 'missing.pem') : write(`${kind}.pem`, text);
    const good = write('root.pem', root.certificate);
    const plain = await startEchoServer();
    const message =
      `the CA bundle ${path}, named by CODEX_CA_CERTIFICATE, ${problem(path)}. Let CODEX_CA_CERTIFICATE or ` +
      'SSL_CERT_FILE name a PEM file with at least one CERTIFICATE block, or unset CODEX_CA_CERTIFICATE.';
    const error = `NetworkConfigurationError: ${message}`;
    const report = await program.run(
      { CODEX_CA_CERTIFICATE: path, SSL_CERT_FILE: good },
      `https://127.0.0.1:${server.port}/`,
      `wss://127.0.0.1:${server.port}/`,
      `http://127.0.0.1:${plain.port}/`,
      `ws://127.0.0.1:${plain.port}/`,
    );
    await plain.close();
    expect(report).toEqual({
      visits: [{ error }, { error }, { error }, { error }],
      log: [
        {
          level: 'warn',
          fields: { caVariable: 'CODEX_CA_CERTIFICATE', caPath: path, error: message },
          message: 'CA bundle cannot be used',
        },
      ],
      description: { caVariable: 'CODEX_CA_CERTIFICATE', caPath: path, ...NO_PROXIES },
    });
  });
});
