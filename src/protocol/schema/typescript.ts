import { bundlePath } from './json.ts';
import { type JsonSchema, mapParts, referencedName } from './json-schema.ts';

const banner = `// Generated from the protocol schemas; do not edit.`;

/** A type that is yet to be written: where it goes and what it is. */
interface Declaration {
  readonly name: string;
  readonly folder: '' | 'v2/';
  readonly schema: JsonSchema;
}

/**
 * The TypeScript tree for the types of a JSON Schema tree: path to source, one file for each type, and an `index.ts` for
 * each of the two folders. Imports are types only and end in `.js`, which every module resolution understands.
 */
export async function typescriptFiles(
  jsonFiles: ReadonlyMap<string, JsonSchema>,
): Promise<Map<string, string>> {
  const bundle = jsonFiles.get(bundlePath)?.definitions;
  if (bundle === undefined) throw new Error('A JSON Schema tree without its bundle has no list of types.');
  const { v2, ...root } = bundle as Record<string, object>;
  const declarations = [...declare('', root), ...declare('v2/', v2 ?? {})];
  const files = new Map<string, string>();
  for (const declaration of declarations) {
    files.set(`${declaration.folder}${declaration.name}.ts`, await compileType(declaration));
  }
  files.set('index.ts', `${indexOf(declarations, '')}export type * as v2 from './v2/index.js';\n`);
  files.set('v2/index.ts', indexOf(declarations, 'v2/'));
  return new Map([...files].sort(([a], [b]) => (a < b ? -1 : 1)));
}

function declare(folder: Declaration['folder'], schemas: object): Declaration[] {
  return Object.entries(schemas).map(([name, schema]) => ({ name, folder, schema: schema as JsonSchema }));
}

function indexOf(declarations: readonly Declaration[], folder: Declaration['folder']): string {
  const names = declarations.filter((declaration) => declaration.folder === folder).map(({ name }) => name);
  return `${banner}\n\n${names.map((name) => `export type { ${name} } from './${name}.js';\n`).join('')}`;
}

async function compileType({ name, folder, schema }: Declaration): Promise<string> {
  // Loaded late: only schema generation needs it.
  const { compile } = await import('json-schema-to-typescript');
  const imports = new Map<string, string>();
  const standalone = (part: JsonSchema): object => {
    const reference = referencedName(part);
    if (reference !== undefined) return { tsType: importType(reference, folder, imports) };
    const { title: _title, allOf, ...rest } = mapParts(part, standalone);
    return allOf === undefined ? rest : { ...rest, ...allOf[0] };
  };
  const source = await compile({ ...standalone(schema), title: name }, name, {
    additionalProperties: false,
    bannerComment: '',
    ignoreMinAndMaxItems: true,
    style: { printWidth: 110, singleQuote: true },
  });
  // The compiler spells names its own way (`W3cX` becomes `W3CX`); there is one declaration, and its name is known.
  const declaration = source.replace(/^export (interface|type) \w+/m, `export $1 ${name}`);
  imports.delete(name);
  const lines = [...imports].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, line]) => `${line}\n`);
  return `${banner}\n\n${lines.length > 0 ? `${lines.join('')}\n` : ''}${declaration}`;
}

/** Notes the import that a reference needs and gives the name to use. `v2/X` is how the bundle spells version 2 types. */
function importType(reference: string, from: Declaration['folder'], imports: Map<string, string>): string {
  const isVersion2 = reference.startsWith('v2/');
  const name = isVersion2 ? reference.slice(3) : reference;
  const folder = isVersion2 ? (from === 'v2/' ? './' : './v2/') : from === 'v2/' ? '../' : './';
  imports.set(name, `import type { ${name} } from '${folder}${name}.js';`);
  return name;
}
