import { generate } from 'selfsigned';

/** A certificate and its key, as PEM texts. */
export interface Identity {
  readonly certificate: string;
  readonly key: string;
}

/** An authority that signs itself, or one below another. */
export function createAuthority(name: string, issuer?: Identity): Promise<Identity> {
  return create(name, issuer, [
    { name: 'basicConstraints', cA: true, critical: true },
    { name: 'keyUsage', keyCertSign: true, cRLSign: true, critical: true },
  ]);
}

/** The identity of a server on this machine, also known as `service.test`; or else of a server of these names. */
export function createServerIdentity(issuer: Identity, names?: readonly string[]): Promise<Identity> {
  const altNames = (names ?? ['service.test', 'localhost']).map((value) => ({ type: 2 as const, value }));
  const addresses = names === undefined ? [{ type: 7 as const, ip: '127.0.0.1' }] : [];
  return create('service.test', issuer, [{ name: 'subjectAltName', altNames: [...altNames, ...addresses] }]);
}

async function create(
  name: string,
  issuer: Identity | undefined,
  extensions: NonNullable<Parameters<typeof generate>[1]>['extensions'] & {},
): Promise<Identity> {
  const made = await generate([{ name: 'commonName', value: name }], {
    keyType: 'ec',
    algorithm: 'sha256',
    extensions,
    ...(issuer === undefined ? {} : { ca: { cert: issuer.certificate, key: issuer.key } }),
  });
  return { certificate: `${made.cert}\n`, key: made.private };
}

/** The bytes of a PEM text with one section. */
export function derOf(pem: string): Buffer {
  return Buffer.from(pem.replace(/-----[^-]+-----/g, ''), 'base64');
}

export function pemOf(label: string, der: Uint8Array): string {
  const lines =
    Buffer.from(der)
      .toString('base64')
      .match(/.{1,64}/g) ?? [];
  return [`-----BEGIN ${label}-----`, ...lines, `-----END ${label}-----`, ''].join('\n');
}

/** As OpenSSL writes it: the certificate, and after it a sequence that tells what it is trusted for. */
export function trustedPem(certificate: string): string {
  const serverAuthentication = Buffer.from('300c300a06082b06010505070301', 'hex');
  return pemOf('TRUSTED CERTIFICATE', Buffer.concat([derOf(certificate), serverAuthentication]));
}
