import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { v4 as uuidV4, validate } from 'uuid';

const FILE = 'installation_id';

/**
 * The id of this installation: a UUID in a file of the home directory, made when it is missing or damaged. Where it
 * cannot be stored, the id holds for this process.
 */
export function installationId(codexHome: string): string {
  const path = join(codexHome, FILE);
  const stored = storedId(path);
  if (validate(stored)) return stored;
  const id = uuidV4();
  try {
    mkdirSync(codexHome, { recursive: true, mode: 0o700 });
    writeFileSync(path, id, { mode: 0o644 });
  } catch {
    // A home that cannot be written to is no reason not to serve.
  }
  return id;
}

function storedId(path: string): string {
  try {
    return readFileSync(path, 'utf8').trim();
  } catch {
    return '';
  }
}
