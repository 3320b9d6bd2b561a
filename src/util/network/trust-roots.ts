import { constants } from 'node:fs';
import { open } from 'node:fs/promises';
import { errorMessage } from '../errors.ts';
import { parseCertificateBundle } from './certificate-bundle.ts';
import type { CertificateBundle } from './certificate-bundle.ts';
import { firstSet } from './environment.ts';
import type { Environment } from './environment.ts';

/** The variables that may name a bundle; the first one with a value is taken. */
const BUNDLE_VARIABLES = ['CODEX_CA_CERTIFICATE', 'SSL_CERT_FILE'] as const;

const MAX_BUNDLE_BYTES = 16 * 1024 * 1024;

/** A file with certificates, and the variable that names it. */
export interface BundleSelection {
  readonly variable: (typeof BUNDLE_VARIABLES)[number];
  readonly path: string;
}

/** What is trusted: the default roots of Node, and in addition the certificates of a bundle if one was selected. */
export interface TrustRoots extends CertificateBundle {
  readonly selection: BundleSelection | null;
}

export type TrustOutcome =
  { readonly ok: true; readonly roots: TrustRoots } | { readonly ok: false; readonly message: string };

/** Reads a file as a whole; a rejection becomes part of the message about the bundle. */
export type ReadFile = (path: string) => Promise<Uint8Array>;

/** The bundle that the environment names, or null where the default roots are enough. */
export function selectBundle(environment: Environment): BundleSelection | null {
  const found = firstSet(environment, BUNDLE_VARIABLES);
  return found === null ? null : { variable: found.variable, path: found.value };
}

/** Selects, reads and parses. A bundle that cannot be used is never passed over for another one or for none. */
export async function loadTrustRoots(
  environment: Environment,
  readFile: ReadFile = readBundleFile,
): Promise<TrustOutcome> {
  const selection = selectBundle(environment);
  if (selection === null) {
    return { ok: true, roots: { selection, certificates: [], ignoredRevocationLists: 0 } };
  }
  const file = await readBundle(selection, readFile);
  return file.ok ? parseBundle(selection, file.bytes) : file;
}

/** The first half of `loadTrustRoots`, for whoever keeps what was made of the same bytes before. */
export async function readBundle(
  selection: BundleSelection,
  readFile: ReadFile,
): Promise<{ ok: true; bytes: Uint8Array } | { ok: false; message: string }> {
  try {
    return { ok: true, bytes: await readFile(selection.path) };
  } catch (error) {
    return { ok: false, message: complaint(selection, `cannot be read: ${errorMessage(error)}`) };
  }
}

/** The second half. */
export function parseBundle(selection: BundleSelection, bytes: Uint8Array): TrustOutcome {
  const outcome = parseCertificateBundle(bytes);
  if (outcome.ok) return { ok: true, roots: { selection, ...outcome.bundle } };
  return { ok: false, message: complaint(selection, `is not a usable PEM bundle: ${outcome.message}`) };
}

function complaint({ variable, path }: BundleSelection, problem: string): string {
  const [first, second] = BUNDLE_VARIABLES;
  return (
    `the CA bundle ${path}, named by ${variable}, ${problem}. ` +
    `Let ${first} or ${second} name a PEM file with at least one CERTIFICATE block, or unset ${variable}.`
  );
}

/** Refuses what is not a regular file, because a pipe or a device may never end. */
export async function readBundleFile(path: string): Promise<Uint8Array> {
  // Without O_NONBLOCK, opening a pipe that nobody writes to would wait for ever.
  const file = await open(path, constants.O_RDONLY | constants.O_NONBLOCK);
  try {
    const stats = await file.stat();
    if (stats.isDirectory()) throw new Error('it is a directory');
    if (!stats.isFile()) throw new Error('it is not a regular file');
    if (stats.size > MAX_BUNDLE_BYTES) throw new Error(`it is larger than ${MAX_BUNDLE_BYTES} bytes`);
    return await file.readFile();
  } finally {
    await file.close();
  }
}
