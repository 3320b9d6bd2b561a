import type { ZodMiniType } from 'zod/mini';
import type { MethodRow } from '../method-row.ts';
import { methods } from '../methods.ts';
import { schemaName } from '../names.ts';
import { clientNotifications, notifications } from '../notifications.ts';
import { serverRequests } from '../server-requests.ts';
import { type Definition, definitions } from './definitions.ts';
import {
  definitionReference,
  type JsonSchema,
  mapParts,
  referencedName,
  referencedNames,
} from './json-schema.ts';

/** Which surface to describe: everything, or only what a client may use without the experimental capability. */
export interface SchemaOptions {
  readonly experimental: boolean;
}

/** Path of the bundle whose `definitions` hold the root types, and under `v2` every version 2 type. */
export const bundlePath = 'codex_app_server_protocol.schemas.json';

/** Path of the bundle with one flat map of version 2 types and the unions over them. */
const flatBundlePath = 'codex_app_server_protocol.v2.schemas.json';

const dialect = 'http://json-schema.org/draft-07/schema#';
const rootTypes = [
  'JSONRPCError',
  'JSONRPCErrorError',
  'JSONRPCMessage',
  'JSONRPCNotification',
  'JSONRPCRequest',
  'JSONRPCResponse',
  'RequestId',
];

/**
 * The JSON Schema tree, draft-07: path to document. Every document stands alone, with the types it needs under
 * `definitions`. Methods and fields are filtered by `experimental`, notifications never are.
 */
export function jsonSchemaFiles({ experimental }: SchemaOptions): Map<string, JsonSchema> {
  const rows: readonly MethodRow[] = methods.filter((row) => experimental || !row.experimental);
  const types = definitions();
  if (!experimental) for (const row of rows) leaveOutExperimentalFields(types, row);
  const unions = [clientRequest(rows), clientNotification(), serverRequest(), serverNotification()];
  for (const union of unions) types.set(union.name, union);

  const payloads = [
    ...rows.flatMap((row) => [row.params, row.response]),
    ...serverRequests.flatMap((row) => [row.params, row.response]),
    ...notifications.map((row) => row.params),
  ];
  const names = [
    ...unions.map((union) => union.name),
    ...rootTypes,
    ...payloads.filter((schema) => schema !== null).map(nameOf),
  ];
  const files = new Map(names.map((name) => [filePath(types.get(name)!), document(types, name)]));
  files.set(bundlePath, bundle(types, names));
  files.set(flatBundlePath, flatBundle(types, names));
  return new Map([...files].sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** The text of a JSON Schema document as it is written to disk. */
export function jsonText(schema: JsonSchema): string {
  return `${JSON.stringify(schema, null, 2)}\n`;
}

function filePath({ version, name }: Definition): string {
  return version === 'root' ? `${name}.json` : `${version}/${name}.json`;
}

/** One type with everything it refers to. */
function document(types: ReadonlyMap<string, Definition>, name: string): JsonSchema {
  const { schema } = types.get(name)!;
  const needed = [...reachable(types, [name])].filter((other) => other !== name);
  return {
    $schema: dialect,
    title: name,
    ...schema,
    ...(needed.length > 0 && { definitions: select(types, needed, (other) => other) }),
  };
}

function bundle(types: ReadonlyMap<string, Definition>, names: readonly string[]): JsonSchema {
  const isVersion2 = (name: string) => types.get(name)!.version === 'v2';
  const nest = (schema: JsonSchema): JsonSchema => {
    const name = referencedName(schema);
    const nested = mapParts(schema, nest);
    return name !== undefined && isVersion2(name)
      ? { ...nested, $ref: definitionReference(`v2/${name}`) }
      : nested;
  };
  const all = [...reachable(types, names)];
  return {
    $schema: dialect,
    title: 'CodexAppServerProtocol',
    type: 'object',
    definitions: {
      ...select(
        types,
        all.filter((name) => !isVersion2(name)),
        nest,
      ),
      v2: select(types, all.filter(isVersion2), nest),
    },
  };
}

function flatBundle(types: ReadonlyMap<string, Definition>, names: readonly string[]): JsonSchema {
  const wanted = names.filter((name) => types.get(name)!.version === 'v2');
  const all = reachable(types, [...wanted, 'ClientRequest', 'ServerRequest', 'ServerNotification']);
  return {
    $schema: dialect,
    title: 'CodexAppServerProtocolV2',
    type: 'object',
    definitions: select(types, [...all], (schema) => schema),
  };
}

function reachable(types: ReadonlyMap<string, Definition>, names: readonly string[]): ReadonlySet<string> {
  return referencedNames(names, (name) => types.get(name)!.schema);
}

function select(
  types: ReadonlyMap<string, Definition>,
  names: readonly string[],
  change: (schema: JsonSchema) => JsonSchema,
): Record<string, JsonSchema> {
  return Object.fromEntries(names.map((name) => [name, change(types.get(name)!.schema)]));
}

function leaveOutExperimentalFields(types: Map<string, Definition>, row: MethodRow): void {
  // An approval policy in object form is refused at run time, yet stays in the stable schema, as in the reference.
  const gated = row.experimentalFields?.filter((gate) => gate.when !== 'granular').map((gate) => gate.field);
  if (row.params !== null) leaveOut(types, nameOf(row.params), gated ?? []);
  leaveOut(types, nameOf(row.response), row.experimentalResponseFields ?? []);
}

function leaveOut(types: Map<string, Definition>, name: string, fields: readonly string[]): void {
  if (fields.length === 0) return;
  const definition = types.get(name)!;
  const { properties, required, ...rest } = definition.schema;
  const kept = Object.entries(properties ?? {}).filter(([key]) => !fields.includes(key));
  const stillRequired = required?.filter((key) => !fields.includes(key)) ?? [];
  const schema: JsonSchema = {
    ...rest,
    properties: Object.fromEntries(kept),
    ...(stillRequired.length > 0 && { required: stillRequired }),
  };
  types.set(name, { ...definition, schema });
}

function nameOf(schema: ZodMiniType): string {
  const name = schemaName(schema);
  if (name === undefined) throw new Error('A schema in a protocol table has no exported name.');
  return name;
}

function clientRequest(rows: readonly MethodRow[]): Definition {
  return union(
    'ClientRequest',
    rows.map(({ method, params }) => ({
      title: `${capitalise(method)}Request`,
      type: 'object',
      properties: {
        id: { $ref: definitionReference('RequestId') },
        method: methodProperty(method, 'Request'),
        params: params === null ? { type: 'null' } : { $ref: definitionReference(nameOf(params)) },
      },
      required: params === null ? ['id', 'method'] : ['id', 'method', 'params'],
    })),
  );
}

function serverRequest(): Definition {
  return union(
    'ServerRequest',
    serverRequests.map(({ method, params }) => ({
      title: `${capitalise(method)}Request`,
      type: 'object',
      properties: {
        id: { $ref: definitionReference('RequestId') },
        method: methodProperty(method, 'Request'),
        params: { $ref: definitionReference(nameOf(params)) },
      },
      required: ['id', 'method', 'params'],
    })),
  );
}

function clientNotification(): Definition {
  return union(
    'ClientNotification',
    clientNotifications.map((method) => ({
      title: `${capitalise(method)}Notification`,
      type: 'object',
      properties: { method: methodProperty(method, 'Notification') },
      required: ['method'],
    })),
  );
}

function serverNotification(): Definition {
  return union(
    'ServerNotification',
    notifications.map(({ method, params }) => ({
      title: `${capitalise(method)}Notification`,
      type: 'object',
      properties: {
        method: methodProperty(method, 'Notification'),
        params: { $ref: definitionReference(nameOf(params)) },
      },
      required: ['method', 'params'],
    })),
  );
}

function union(name: string, oneOf: JsonSchema[]): Definition {
  return { name, version: 'root', schema: { oneOf } };
}

function methodProperty(method: string, kind: 'Request' | 'Notification'): JsonSchema {
  return { title: `${capitalise(method)}${kind}Method`, type: 'string', enum: [method] };
}

function capitalise(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
