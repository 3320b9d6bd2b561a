import { expect, test } from 'vitest';
import { NetworkConfigurationError } from '../../../src/util/network/index.ts';
import { TrustStore } from '../../../src/util/network/trust-store.ts';
import { createAuthority } from './support/certificates.ts';

const selection = { variable: 'SSL_CERT_FILE', path: 'bundle.pem' } as const;
const named = { caVariable: 'SSL_CERT_FILE', caPath: 'bundle.pem' };

test('reads the file anew each time, and builds anew only what has changed', async () => {
  const first = (await createAuthority('First')).certificate;
  const second = (await createAuthority('Second')).certificate;
  let file: string | null = first;
  const log: unknown[] = [];
  const logAt = (level: string) => (fields: object, message: string) => log.push([level, fields, message]);
  const logger = { debug: logAt('debug'), info: logAt('info'), warn: logAt('warn'), error: logAt('error') };
  const store = new TrustStore(
    selection,
    () => (file === null ? Promise.reject(new Error('gone')) : Promise.resolve(Buffer.from(file))),
    logger,
  );

  const one = await store.secureContext();
  expect(await store.secureContext()).toBe(one);

  file = first + second;
  const two = await store.secureContext();
  expect(two).not.toBe(one);

  file = null;
  await expect(store.secureContext()).rejects.toBeInstanceOf(NetworkConfigurationError);
  await expect(store.secureContext()).rejects.toThrow('cannot be read: gone');
  file = '';
  await expect(store.secureContext()).rejects.toThrow('it holds no certificate');
  await expect(store.secureContext()).rejects.toThrow('it holds no certificate');

  file = first + second;
  expect(await store.secureContext()).not.toBe(one);

  const loaded = (certificateCount: number): unknown => [
    'info',
    { ...named, certificateCount, ignoredRevocationLists: 0 },
    'CA bundle loaded',
  ];
  const unusable = (reason: RegExp): unknown => [
    'warn',
    { ...named, error: expect.stringMatching(reason) },
    'CA bundle cannot be used',
  ];
  expect(log).toEqual([loaded(1), loaded(2), unusable(/gone/), unusable(/no certificate/), loaded(2)]);
});
