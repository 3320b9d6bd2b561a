import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { stringify } from 'smol-toml';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { configWarningOf, loadConfig } from '../../../src/core/config/index.ts';
import type { ConfigOutcome, ConfigSources } from '../../../src/core/config/index.ts';
import { splitDottedKey, formatDottedKey } from '../../../src/core/config/dotted-key.ts';
import { locateKey } from '../../../src/core/config/key-location.ts';
import { isTable, mergeTables, tableWith, valueAt } from '../../../src/core/config/table.ts';
import type { Table } from '../../../src/core/config/table.ts';

let codexHome: string;
beforeAll(() => {
  codexHome = mkdtempSync(join(tmpdir(), 'parley-property-'));
});
afterAll(() => rmSync(codexHome, { recursive: true, force: true }));

function loadText(text: string | Uint8Array, sources: Partial<ConfigSources> = {}): ConfigOutcome {
  writeFileSync(join(codexHome, 'config.toml'), text);
  return loadConfig({ codexHome, systemPath: join(codexHome, 'none.toml'), overrides: [], ...sources });
}

/** An outcome is a whole configuration, or an error that says something. */
function isWhole(outcome: ConfigOutcome): boolean {
  if (outcome.ok) return Object.values(outcome.config).every((value) => value !== undefined);
  return outcome.error.message.length > 0 && configWarningOf(outcome.error).details === outcome.error.message;
}

const KEYS = [
  'model',
  'model_provider',
  'profile',
  'profiles',
  'profiles.p.model',
  'model_providers.p.name',
  'model_providers.p.http_headers.a',
  'model_providers.openai',
  'approval_policy',
  'sandbox_workspace_write.writable_roots',
  'model_context_window',
  'features',
  'features.realtime_conversation',
  'realtime',
  'realtime.voice',
  'realtime.connect_timeout_ms',
  'audio.speaker',
  '__proto__',
  'constructor.prototype',
];
const key = fc.oneof(fc.constantFrom(...KEYS), fc.string());
const value = fc.oneof(
  fc.constantFrom(
    '"x"',
    '1',
    '-1',
    '1.5',
    'nan',
    'true',
    '[]',
    '[1, "a"]',
    '{}',
    '{ a = 1 }',
    '1979-05-27',
    '"""',
    '{',
    '"p"',
  ),
  fc.string(),
);
const line = fc.oneof(
  fc.tuple(key, value).map(([name, text]) => `${name} = ${text}`),
  key.map((name) => `[${name}]`),
  key.map((name) => `[[${name}]]`),
  fc.string({ unit: 'binary' }),
);

test('any text in the file gives a configuration or an error', () => {
  const text = fc.array(line, { maxLength: 6 }).map((lines) => lines.join('\n'));
  fc.assert(
    fc.property(text, (file) => isWhole(loadText(file))),
    { numRuns: 2000 },
  );
});

test('any bytes in the file give a configuration or an error', () => {
  fc.assert(
    fc.property(fc.uint8Array(), (bytes) => isWhole(loadText(bytes))),
    { numRuns: 300 },
  );
});

test('any override gives a configuration or an error', () => {
  const override = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.tuple(key, value).map(([name, text]) => `${name}=${text}`),
  );
  fc.assert(
    fc.property(fc.array(override, { maxLength: 4 }), (overrides) => isWhole(loadText('', { overrides }))),
    { numRuns: 2000 },
  );
});

test('any config of a request gives a configuration or an error', () => {
  const threadConfig = fc.dictionary(key, fc.jsonValue());
  fc.assert(
    fc.property(threadConfig, (config) => isWhole(loadText('', { threadConfig: config }))),
    { numRuns: 1000 },
  );
});

test('a secret never shows in an error', () => {
  const secret = 'sk-VerySecret9';
  const place = fc.constantFrom(
    `experimental_bearer_token = "${secret}"`,
    `experimental_bearer_token = ["${secret}"]`,
    `experimental_bearer_token = "${secret}`,
    `experimental_bearer_token = ${secret}`,
    `http_headers = { a = "${secret}" }`,
    `http_headers = "${secret}"`,
    `http_headers = { a = "${secret}" `,
    `query_params = { key = ["${secret}"] }`,
    `env_key = ["${secret}"]`,
  );
  const broken = fc.constantFrom(
    'name = 1',
    'name = "p"',
    'base_url = "',
    'wire_api = "x"',
    '[',
    'request_max_retries = -1',
  );
  const lines = fc
    .tuple(place, broken, fc.boolean())
    .map(([first, second, swap]) => (swap ? [second, first] : [first, second]));
  fc.assert(
    fc.property(lines, (body) => {
      const outcome = loadText(['[model_providers.p]', ...body].join('\n'));
      const overrides = body.map((entry) => `model_providers.p.${entry.replace(' = ', '=')}`);
      const overridden = loadText('', { overrides });
      const shown = [outcome, overridden].map((each) => (each.ok ? '' : JSON.stringify(each.error)));
      return !shown.join().includes(secret);
    }),
  );
});

const name = fc.oneof(
  fc.stringMatching(/^[a-zA-Z0-9_-]{1,4}$/u),
  fc.string({ maxLength: 6 }),
  fc.constant('__proto__'),
);
const { tree } = fc.letrec<{ tree: Record<string, unknown>; leaf: unknown }>((tie) => ({
  leaf: fc.oneof(fc.integer(), fc.boolean(), fc.string(), fc.array(fc.integer(), { maxLength: 3 })),
  tree: fc.dictionary(name, fc.oneof({ weight: 3, arbitrary: tie('leaf') }, tie('tree')), { maxKeys: 4 }),
}));

/** Every path of a table that leads to something other than a table. */
function leavesOf(table: Table, prefix: readonly string[] = []): readonly (readonly string[])[] {
  return Object.entries(table).flatMap(([key, inner]) =>
    isTable(inner) ? leavesOf(inner, [...prefix, key]) : [[...prefix, key]],
  );
}

test('merging: nothing changes nothing, twice is once, and no input is changed', () => {
  fc.assert(
    fc.property(tree, tree, (lower, upper) => {
      const before = JSON.stringify([lower, upper]);
      const merged = mergeTables([lower, upper]);
      expect(mergeTables([lower, {}])).toEqual(mergeTables([lower]));
      expect(mergeTables([{}, upper])).toEqual(mergeTables([upper]));
      expect(mergeTables([merged, upper])).toEqual(merged);
      expect(JSON.stringify([lower, upper])).toBe(before);
    }),
  );
});

test('merging: what the upper table sets wins, and what it does not touch stays', () => {
  fc.assert(
    fc.property(tree, tree, (lower, upper) => {
      const merged = mergeTables([lower, upper]);
      for (const path of leavesOf(upper)) expect(valueAt(merged, path)).toEqual(valueAt(upper, path));
      for (const path of leavesOf(lower)) {
        const touched = path.some((_, depth) => {
          const value = valueAt(upper, path.slice(0, depth + 1));
          return value !== undefined && (!isTable(value) || depth === path.length - 1);
        });
        if (!touched) expect(valueAt(merged, path)).toEqual(valueAt(lower, path));
      }
    }),
  );
});

test('merging many at once is merging one after the other', () => {
  fc.assert(
    fc.property(fc.array(tree, { maxLength: 4 }), (tables) => {
      const stepwise = tables.reduce<Table>((merged, table) => mergeTables([merged, table]), {});
      expect(mergeTables(tables)).toEqual(mergeTables([stepwise]));
    }),
  );
});

test('a dotted key that is written is read back', () => {
  // TOML has no way to write half of a surrogate pair.
  const path = fc.array(fc.string({ unit: 'grapheme', maxLength: 8 }), { minLength: 1, maxLength: 4 });
  fc.assert(
    fc.property(path, (names) => {
      expect(splitDottedKey(formatDottedKey(names))).toEqual(names);
    }),
  );
});

test('every key of a document is found where it stands', () => {
  fc.assert(
    fc.property(tree, (document) => {
      const text = stringify(document);
      const lines = text.split('\n');
      for (const path of leavesOf(document)) {
        const location = locateKey(text, path);
        if (location === null) throw new Error(`expected to find ${formatDottedKey(path)}`);
        const found = lines[location.line - 1]?.slice(location.column - 1, location.endColumn) ?? '';
        expect(splitDottedKey(found)).toEqual(path.slice(-1));
      }
    }),
    { numRuns: 300 },
  );
});

test('looking for a key ends, whatever the text', () => {
  fc.assert(
    fc.property(fc.array(line, { maxLength: 6 }), fc.array(fc.string(), { maxLength: 3 }), (lines, path) => {
      const location = locateKey(lines.join('\n'), path);
      return location === null || location.line <= lines.join('\n').split('\n').length;
    }),
    { numRuns: 1000 },
  );
});

test('a table with one path holds one value', () => {
  fc.assert(
    fc.property(fc.array(name, { minLength: 1, maxLength: 5 }), fc.integer(), (path, number) => {
      expect(valueAt(tableWith(path, number), path)).toBe(number);
    }),
  );
});
