import * as z from 'zod/mini';
import { Secret } from '../../util/secret.ts';
import type { ModelProviderSettings } from './config.ts';
import { faultOf } from './fault.ts';
import type { Fault } from './fault.ts';
import { flag, integer, table, text, textMap } from './shapes.ts';
import { isTable } from './table.ts';
import type { Table } from './table.ts';

/** Ids of built-in providers, which a `[model_providers.<id>]` table cannot redefine. */
const RESERVED_IDS = ['lmstudio', 'ollama', 'openai'];

/** The built-in provider of which a table may set `aws`, and nothing else. */
const BEDROCK_ID = 'amazon-bedrock';

const MOST_RETRIES = 100;

/** The longest delay that a timer of Node can hold; a longer one would fire at once. */
const LONGEST_TIMER_MS = 2_147_483_647;

const NAME_MESSAGE = 'expected a name that is not blank';

const providerShape = table({
  name: z
    .string({ error: NAME_MESSAGE })
    .check(z.refine((name) => name.trim() !== '', { error: NAME_MESSAGE })),
  base_url: z.optional(text),
  env_key: z.optional(text),
  env_key_instructions: z.optional(text),
  experimental_bearer_token: z.optional(text),
  wire_api: z.optional(z.literal('responses', { error: ({ input }) => wireApiMessage(input) })),
  query_params: z.optional(textMap),
  http_headers: z.optional(textMap),
  env_http_headers: z.optional(textMap),
  request_max_retries: z.optional(integer(0)),
  stream_max_retries: z.optional(integer(0)),
  stream_idle_timeout_ms: z.optional(integer(1)),
  websocket_connect_timeout_ms: z.optional(integer(1)),
  requires_openai_auth: z.optional(flag),
  supports_websockets: z.optional(flag),
});

export type ProvidersOutcome =
  | { readonly ok: true; readonly providers: ReadonlyMap<string, ModelProviderSettings> }
  | { readonly ok: false; readonly fault: Fault };

/** Checks the table `[model_providers]`. Every entry is checked, used or not; the built-in ones are not among them. */
export function parseProviders(entries: Table): ProvidersOutcome {
  const fault = reservedFault(entries) ?? bedrockFault(entries[BEDROCK_ID]);
  if (fault !== null) return { ok: false, fault };
  const providers = new Map<string, ModelProviderSettings>();
  for (const [id, entry] of Object.entries(entries)) {
    if (id === BEDROCK_ID) continue;
    const parsed = providerShape.safeParse(entry);
    if (parsed.success) providers.set(id, settingsOf(parsed.data));
    else return { ok: false, fault: providerFault(parsed.error, id, entry) };
  }
  return { ok: true, providers };
}

/** More than a timer can hold is lowered to what it can. */
export function timerLength(milliseconds: number): number {
  return Math.min(milliseconds, LONGEST_TIMER_MS);
}

/** A blank text counts as not set where a blank value could never work. */
export function notBlank(value: string | undefined): string | null {
  return value === undefined || value.trim() === '' ? null : value;
}

function reservedFault(entries: Table): Fault | null {
  const conflicts = RESERVED_IDS.filter((id) => Object.hasOwn(entries, id));
  const [first] = conflicts;
  if (first === undefined) return null;
  const ids = conflicts.map((id) => `\`${id}\``).join(', ');
  const message = `built-in providers cannot be redefined, and these ids are reserved: ${ids}`;
  return { path: ['model_providers', first], message };
}

function bedrockFault(entry: unknown): Fault | null {
  const foreign = isTable(entry) ? Object.keys(entry).find((key) => key !== 'aws') : undefined;
  if (foreign === undefined) return null;
  const message = 'only `aws` may be set for this built-in provider';
  return { path: ['model_providers', BEDROCK_ID, foreign], message };
}

function providerFault(error: z.core.$ZodError, id: string, entry: unknown): Fault {
  const fault = isTable(entry) ? faultOf(error, entry) : { path: [], message: 'expected a table' };
  return { ...fault, path: ['model_providers', id, ...fault.path] };
}

function wireApiMessage(input: unknown): string {
  if (input === 'chat') return 'the Chat Completions API is no longer supported, expected "responses"';
  return 'expected "responses"';
}

function settingsOf(entry: z.output<typeof providerShape>): ModelProviderSettings {
  const token = notBlank(entry.experimental_bearer_token);
  return {
    name: entry.name,
    baseUrl: notBlank(entry.base_url),
    envKey: notBlank(entry.env_key),
    envKeyInstructions: notBlank(entry.env_key_instructions),
    bearerToken: token === null ? null : new Secret(token),
    queryParams: secrets(entry.query_params),
    httpHeaders: secrets(entry.http_headers),
    envHttpHeaders: new Map(Object.entries(entry.env_http_headers ?? {})),
    requestMaxRetries: Math.min(entry.request_max_retries ?? 4, MOST_RETRIES),
    streamMaxRetries: Math.min(entry.stream_max_retries ?? 5, MOST_RETRIES),
    streamIdleTimeoutMs: timerLength(entry.stream_idle_timeout_ms ?? 300_000),
    websocketConnectTimeoutMs: timerLength(entry.websocket_connect_timeout_ms ?? 15_000),
    requiresOpenaiAuth: entry.requires_openai_auth ?? false,
    supportsWebsockets: entry.supports_websockets ?? false,
  };
}

function secrets(values: Readonly<Record<string, string>> | undefined): ReadonlyMap<string, Secret> {
  return new Map(Object.entries(values ?? {}).map(([name, value]) => [name, new Secret(value)]));
}
