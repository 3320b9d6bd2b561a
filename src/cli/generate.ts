import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { jsonSchemaFiles, jsonText, typescriptFiles } from '../protocol/schema/index.ts';

export interface GenerateOptions {
  readonly out: string;
  readonly experimental: boolean;
}

/** Writes the JSON Schemas of the protocol, one file a type. Files of the same name are replaced. */
export async function generateJsonSchema({ out, experimental }: GenerateOptions): Promise<number> {
  const files = jsonSchemaFiles({ experimental });
  await writeFiles(out, new Map([...files].map(([path, schema]) => [path, jsonText(schema)])));
  return 0;
}

/** Writes the TypeScript types of the protocol, one file a type. Files of the same name are replaced. */
export async function generateTypeScript({ out, experimental }: GenerateOptions): Promise<number> {
  await writeFiles(out, await typescriptFiles(jsonSchemaFiles({ experimental })));
  return 0;
}

async function writeFiles(out: string, files: ReadonlyMap<string, string>): Promise<void> {
  for (const [path, text] of files) {
    const file = join(out, path);
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, text);
  }
}
