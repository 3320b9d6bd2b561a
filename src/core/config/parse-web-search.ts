import * as z from 'zod/mini';
import { WebSearchContextSize } from '../../protocol/index.ts';
import type { WebSearchMode } from '../../protocol/index.ts';
import type { WebSearchSettings } from './config.ts';
import { faultOf } from './fault.ts';
import type { Fault } from './fault.ts';
import { choice, table, text, textList } from './shapes.ts';
import { isTable } from './table.ts';
import type { Table } from './table.ts';

/** `tools.web_search`: the options, or, as it was written of old, whether there is a search at all. */
export const webSearchEntry = z.custom<boolean | Table>(
  (value) => typeof value === 'boolean' || isTable(value),
  { error: 'expected a table, or true or false' },
);

const place = table({
  country: z.optional(text),
  region: z.optional(text),
  city: z.optional(text),
  timezone: z.optional(text),
});

const optionsShape = table({
  context_size: z.optional(choice(WebSearchContextSize.options)),
  allowed_domains: z.optional(textList),
  location: z.optional(place),
});

/** Where the configuration says something of the search. */
export interface RawWebSearch {
  /** `web_search`. */
  readonly mode: WebSearchMode | undefined;
  /** `tools.web_search`. */
  readonly entry: boolean | Table | undefined;
  readonly features: ReadonlyMap<string, boolean>;
}

export type WebSearchOutcome =
  | { readonly ok: true; readonly webSearch: WebSearchSettings }
  | { readonly ok: false; readonly fault: Fault };

/** Checks the options. The mode that is named beats the switch of old, and that the features of old. */
export function parseWebSearch(raw: RawWebSearch): WebSearchOutcome {
  const mode = modeOf(raw);
  if (!isTable(raw.entry)) return { ok: true, webSearch: { ...defaultWebSearch(), mode } };
  const parsed = optionsShape.safeParse(raw.entry);
  if (!parsed.success) {
    const fault = faultOf(parsed.error, raw.entry);
    return { ok: false, fault: { ...fault, path: ['tools', 'web_search', ...fault.path] } };
  }
  const { allowed_domains: allowedDomains = null, context_size: contextSize = null, location } = parsed.data;
  return { ok: true, webSearch: { mode, contextSize, allowedDomains, location: location ?? null } };
}

export function defaultWebSearch(): WebSearchSettings {
  return { mode: 'cached', contextSize: null, allowedDomains: null, location: null };
}

function modeOf({ entry, features, mode }: RawWebSearch): WebSearchMode {
  if (mode !== undefined) return mode;
  if (typeof entry === 'boolean') return entry ? 'live' : 'disabled';
  if (features.get('web_search_cached') === true) return 'cached';
  return features.get('web_search_request') === true ? 'live' : 'cached';
}
