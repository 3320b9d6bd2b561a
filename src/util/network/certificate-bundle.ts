import { X509Certificate } from 'node:crypto';
import { decodePemBody, readPemSections } from './pem.ts';
import type { PemSection } from './pem.ts';

/** What a bundle holds. */
export interface CertificateBundle {
  /** PEM texts with the label `CERTIFICATE`, in the order of the file. */
  readonly certificates: readonly string[];
  /** Sections with revocation lists; nothing is done with them. */
  readonly ignoredRevocationLists: number;
}

export type BundleOutcome =
  | { readonly ok: true; readonly bundle: CertificateBundle }
  | { readonly ok: false; readonly message: string };

type BytesOutcome =
  { readonly ok: true; readonly bytes: Uint8Array } | { readonly ok: false; readonly message: string };

const TRUSTED = 'TRUSTED CERTIFICATE';

/**
 * Takes the certificates out of a PEM file. OpenSSL's `TRUSTED CERTIFICATE` sections lose the data on trust that follows
 * the certificate; well-formed revocation lists are counted and left out; sections with other labels, private keys among
 * them, are skipped undecoded. A file without any certificate is an error.
 */
export function parseCertificateBundle(file: Uint8Array): BundleOutcome {
  const pem = readPemSections(new TextDecoder().decode(file));
  if (!pem.ok) return pem;
  const certificates: string[] = [];
  let ignoredRevocationLists = 0;
  for (const section of pem.sections) {
    if (section.label === 'X509 CRL') {
      if (decodePemBody(section) === null) return { ok: false, message: notBase64(section) };
      ignoredRevocationLists += 1;
    }
    if (section.label !== 'CERTIFICATE' && section.label !== TRUSTED) continue;
    const der = certificateBytes(section);
    if (!der.ok) return der;
    const certificate = readCertificate(der.bytes);
    if (certificate === null) {
      const place = `certificate ${certificates.length + 1}, on line ${section.line},`;
      return { ok: false, message: `${place} is not a valid X.509 certificate` };
    }
    certificates.push(certificate);
  }
  if (certificates.length === 0) return { ok: false, message: 'it holds no certificate' };
  return { ok: true, bundle: { certificates, ignoredRevocationLists } };
}

function certificateBytes(section: PemSection): BytesOutcome {
  const bytes = decodePemBody(section);
  if (bytes === null) return { ok: false, message: notBase64(section) };
  const length = derElementLength(bytes);
  const place = `the ${section.label} section on line ${section.line}`;
  if (length === null) return { ok: false, message: `${place} has an invalid DER length` };
  if (length < bytes.length && section.label !== TRUSTED) {
    return { ok: false, message: `${place} goes on after the certificate` };
  }
  return { ok: true, bytes: bytes.subarray(0, length) };
}

function readCertificate(der: Uint8Array): string | null {
  try {
    return new X509Certificate(der).toString();
  } catch {
    // What OpenSSL says is about its last attempt, to take the bytes for PEM.
    return null;
  }
}

function notBase64({ label, line }: PemSection): string {
  return `the ${label} section on line ${line} is not valid base64`;
}

/**
 * The bytes that the first DER element takes with its tag and length, or null if the length is indefinite, cut off, or
 * reaches beyond the end.
 */
export function derElementLength(bytes: Uint8Array): number | null {
  const first = bytes[1];
  if (first === undefined) return null;
  const lengthBytes = first < 0x80 ? 0 : first & 0x7f;
  if (first >= 0x80 && (lengthBytes === 0 || lengthBytes > 4)) return null;
  const header = 2 + lengthBytes;
  if (bytes.length < header) return null;
  const content =
    lengthBytes === 0 ? first : bytes.subarray(2, header).reduce((sum, byte) => sum * 256 + byte, 0);
  return header + content <= bytes.length ? header + content : null;
}
