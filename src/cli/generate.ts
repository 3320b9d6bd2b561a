import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { jsonSchemaFiles } from '../protocol/schema/json.ts';

export interface GenerateOptions {
  readonly out: string;
  readonly experimental: boolean;
}

/** Writes the JSON Schemas of the protocol, one file a type. Files of the same name are replaced. */
export async function generateJsonSchema({ out, experimental }: GenerateOptions): Promise<number> {
  const files = jsonSchemaFiles({ experimental });
  await writeFiles(out, new Map([...files].map(([path, schema]) => [path, JSON.stringify(schema, null, 2)])));
  return 0;
}

/** Writes the TypeScript types of the protocol, one file a type. Files of the same name are replaced. */
export async function generateTypeScript({ out, experimental }: GenerateOptions): Promise<number> {
  const { typescriptFiles } = await import('../protocol/schema/typescript.ts');
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
