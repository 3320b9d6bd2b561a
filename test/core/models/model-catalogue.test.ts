import { describe, expect, it } from 'vitest';
import { ModelCatalogue } from '../../../src/core/models/index.ts';
import type { ModelInfo } from '../../../src/core/models/index.ts';
import { ModelsProvider } from '../../support/models-provider.ts';

const MINUTE = 60_000;

const FALLBACK: ModelInfo = {
  id: 'nobody-knows',
  displayName: 'nobody-knows',
  description: '',
  isHidden: false,
  contextWindow: 272_000,
  maxContextWindow: null,
  effectiveContextWindowPercent: 95,
  autoCompactTokenLimit: null,
  maxOutputTokens: null,
  reasoningEfforts: [],
  defaultReasoningEffort: null,
  supportsReasoningSummaries: false,
  defaultReasoningSummary: 'auto',
  supportsVerbosity: false,
  defaultVerbosity: null,
  supportsParallelToolCalls: false,
  applyPatchTool: null,
  supportsPersonality: false,
  inputModalities: ['text', 'image'],
  supportsOriginalImageDetail: false,
  serviceTiers: [],
  additionalSpeedTiers: [],
  upgrade: null,
  availabilityMessage: null,
  isFallback: true,
};

/** A catalogue over a real provider, with a clock that a test sets. */
function catalogueOf(provider: ModelsProvider) {
  const time = { now: 0 };
  const source = { providerId: 'test', name: 'Test', usesApiKey: true, key: 'key' };
  const logged: string[] = [];
  const log = (_fields: object, message: string): void => void logged.push(message);
  const catalogue = new ModelCatalogue({
    source: () => ({ ...source, key: source.key, request: { url: `${provider.url}/models`, headers: {} } }),
    transport: fetch,
    logger: { debug: log, info: log, warn: log, error: log },
    now: () => time.now,
  });
  const ids = async (): Promise<string[]> => (await catalogue.list({})).data.map(({ id }) => id);
  return { catalogue, ids, logged, source, time };
}

function described(...slugs: string[]): object {
  return { models: slugs.map((slug) => ({ slug })) };
}

describe('what a provider told', () => {
  it('counts for five minutes', async () => {
    const provider = await ModelsProvider.open({ body: described('a') });
    const { ids, time } = catalogueOf(provider);
    expect(await ids()).toEqual(['a']);
    provider.answer = { body: described('b') };
    time.now = 5 * MINUTE - 1;
    expect(await ids()).toEqual(['a']);
    time.now = 5 * MINUTE;
    expect(await ids()).toEqual(['b']);
    expect(provider.requests).toHaveLength(2);
  });

  it('counts on while the provider is of no help, which is asked again after a minute', async () => {
    const provider = await ModelsProvider.open({ body: described('a') });
    const { ids, logged, time } = catalogueOf(provider);
    await ids();
    provider.answer = { status: 500, body: '' };
    time.now = 5 * MINUTE;
    expect(await ids()).toEqual(['a']);
    expect(await ids()).toEqual(['a']);
    expect(provider.requests).toHaveLength(2);
    provider.answer = { body: described('b') };
    time.now = 6 * MINUTE;
    expect(await ids()).toEqual(['b']);
    expect(logged).toEqual([
      'the provider told its models',
      'the models could not be asked for',
      'the provider told its models',
    ]);
  });

  it('counts for this one login alone', async () => {
    const provider = await ModelsProvider.open({ body: described('a') });
    const { ids, source } = catalogueOf(provider);
    await ids();
    provider.answer = { body: described('b') };
    source.key = 'another';
    expect(await ids()).toEqual(['b']);
  });

  it('is given up when the catalogue is closed', async () => {
    const provider = await ModelsProvider.open(null);
    const { catalogue, ids } = catalogueOf(provider);
    const listing = ids();
    catalogue.close();
    catalogue.close();
    expect((await listing)[0]).toBe('gpt-5.5');
  });
});

describe('the version that a provider names beside a response', () => {
  it('has the provider asked again, once for each that is new', async () => {
    const provider = await ModelsProvider.open({ body: described('a'), etag: '"1"' });
    const { catalogue, ids } = catalogueOf(provider);
    catalogue.noteEtag('"0"', 'test');
    expect(provider.requests).toHaveLength(0);
    await ids();
    catalogue.noteEtag('"1"', 'test');
    catalogue.noteEtag('"2"', 'another');
    await ids();
    expect(provider.requests).toHaveLength(1);
    provider.answer = { body: described('b'), etag: '"2"' };
    catalogue.noteEtag('"2"', 'test');
    catalogue.noteEtag('"2"', 'test');
    await expect.poll(ids).toEqual(['b']);
    catalogue.noteEtag('"2"', 'test');
    expect(await ids()).toEqual(['b']);
    expect(provider.requests).toHaveLength(2);
  });

  it('has what was told count for longer if it is the same', async () => {
    const provider = await ModelsProvider.open({ body: described('a'), etag: '"1"' });
    const { catalogue, ids, time } = catalogueOf(provider);
    await ids();
    time.now = 4 * MINUTE;
    catalogue.noteEtag('"1"', 'test');
    time.now = 8 * MINUTE;
    await ids();
    expect(provider.requests).toHaveLength(1);
  });
});

describe('what is known of a model', () => {
  it('is cautious where nothing is', async () => {
    const provider = await ModelsProvider.open({ body: { data: [{ id: 'nobody-knows' }] } });
    const { catalogue, ids } = catalogueOf(provider);
    expect(catalogue.modelInfo('nobody-knows', 'test')).toEqual(FALLBACK);
    await ids();
    expect(catalogue.modelInfo('nobody-knows', 'test')).toEqual(FALLBACK);
  });

  it('comes from the built-in table, also for a dated snapshot', async () => {
    const provider = await ModelsProvider.open(null);
    const { catalogue } = catalogueOf(provider);
    const known = catalogue.modelInfo('gpt-5.4', 'test');
    expect(known).toMatchObject({
      id: 'gpt-5.4',
      contextWindow: 272_000,
      maxContextWindow: 922_000,
      maxOutputTokens: 128_000,
      defaultReasoningEffort: 'medium',
      supportsReasoningSummaries: true,
      supportsParallelToolCalls: true,
      applyPatchTool: 'freeform',
      supportsOriginalImageDetail: true,
      supportsVerbosity: true,
      defaultVerbosity: 'low',
      isFallback: false,
    });
    expect(catalogue.modelInfo('gpt-5.4-2026-03-05', 'test')).toEqual({ ...known, id: 'gpt-5.4-2026-03-05' });
    expect(catalogue.modelInfo('gpt-5.4-future', 'test').isFallback).toBe(true);
    expect(provider.requests).toEqual([]);
  });

  it('comes from its provider, once that has told', async () => {
    const told = {
      slug: 'nobody-knows',
      visibility: 'none',
      context_window: 100_000,
      max_context_window: 200_000,
      effective_context_window_percent: 90,
      auto_compact_token_limit: 50_000,
      default_reasoning_level: 'low',
      supported_reasoning_levels: [{ effort: 'low', description: 'Little' }],
      supports_reasoning_summaries: true,
      default_reasoning_summary: 'detailed',
      support_verbosity: true,
      default_verbosity: 'high',
      supports_parallel_tool_calls: true,
      apply_patch_tool_type: 'function',
      input_modalities: ['text'],
      supports_image_detail_original: true,
    };
    const provider = await ModelsProvider.open({ body: { models: [told] } });
    const { catalogue, ids } = catalogueOf(provider);
    expect(await ids()).toEqual([]);
    expect(catalogue.modelInfo('nobody-knows', 'test')).toEqual({
      ...FALLBACK,
      isHidden: true,
      contextWindow: 100_000,
      maxContextWindow: 200_000,
      effectiveContextWindowPercent: 90,
      autoCompactTokenLimit: 50_000,
      reasoningEfforts: [{ reasoningEffort: 'low', description: 'Little' }],
      defaultReasoningEffort: 'low',
      supportsReasoningSummaries: true,
      defaultReasoningSummary: 'detailed',
      supportsVerbosity: true,
      defaultVerbosity: 'high',
      supportsParallelToolCalls: true,
      applyPatchTool: 'function',
      inputModalities: ['text'],
      supportsOriginalImageDetail: true,
      isFallback: false,
    });
    expect(catalogue.modelInfo('nobody-knows', 'another')).toEqual(FALLBACK);
  });

  it.each([
    ['gpt-5.4', {}, 'freeform'],
    ['gpt-5.4', { apply_patch_tool_type: 'function' }, 'function'],
    ['gpt-5.4', { apply_patch_tool_type: null }, null],
    ['gpt-5.4', { apply_patch_tool_type: 'another' }, 'freeform'],
    ['nobody-knows', {}, null],
    ['nobody-knows', { apply_patch_tool_type: 'freeform' }, 'freeform'],
  ])('says how %s takes patches where its provider tells %j', async (slug, more, expected) => {
    const provider = await ModelsProvider.open({ body: { models: [{ slug, ...more }] } });
    const { catalogue, ids } = catalogueOf(provider);
    await ids();
    expect(catalogue.modelInfo(slug, 'test').applyPatchTool).toBe(expected);
  });
});
