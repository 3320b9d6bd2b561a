import type { ModelListParams, ModelListResponse } from '../../protocol/index.ts';
import type { Logger } from '../../util/logger.ts';
import { pageOf } from '../page.ts';
import { BUILT_IN_MODELS, builtInModel } from './built-in-models.ts';
import { fetchModels } from './fetch-models.ts';
import type { ModelsTransport } from './fetch-models.ts';
import { unknownModel } from './model-info.ts';
import type { ModelInfo } from './model-info.ts';
import { modelView } from './model-view.ts';
import type { ModelsSource } from './models-source.ts';
import { modelsOfAnswer } from './told-models.ts';

export interface ModelCatalogueOptions {
  /** Whom to ask, found anew each time; null where nobody can be. */
  readonly source: () => ModelsSource | null;
  readonly transport: ModelsTransport;
  readonly logger: Logger;
  /** Milliseconds on a clock that never goes back. */
  readonly now: () => number;
}

/** What a provider last told; `models` is null while it has told nothing that could be used. */
interface Told {
  readonly key: string;
  readonly providerId: string;
  readonly models: readonly ModelInfo[] | null;
  readonly etag: string | null;
  readonly askAgainAt: number;
}

/** How long an answer counts, and how long a provider that gave none is left alone. */
const ANSWER_COUNTS_MS = 5 * 60_000;
const FAILURE_COUNTS_MS = 60_000;

/**
 * The models that threads and turns can name. The provider is asked, at most once every few minutes; where it cannot
 * be, or tells nothing that can be used, a built-in table stands in.
 */
export class ModelCatalogue {
  readonly #options: ModelCatalogueOptions;
  readonly #closing = new AbortController();
  #told: Told | null = null;
  #asking: { readonly key: string; readonly models: Promise<readonly ModelInfo[] | null> } | null = null;
  /** The version that the provider was last asked again for, so that it is asked once for each. */
  #wantedEtag: string | null = null;

  constructor(options: ModelCatalogueOptions) {
    this.#options = options;
  }

  /** Lists the models, page by page; the first that is not hidden is the default. Throws `invalidCursor`. */
  async list({ cursor, includeHidden, limit }: ModelListParams): Promise<ModelListResponse> {
    const source = this.#options.source();
    const models = (source === null ? null : await this.#modelsOf(source)) ?? BUILT_IN_MODELS;
    const standard = models.find((model) => !model.isHidden);
    const shown = includeHidden === true ? models : models.filter((model) => !model.isHidden);
    return pageOf(
      shown.map((model) => modelView(model, model === standard)),
      { cursor, limit },
    );
  }

  /**
   * What is known of a model now: from what its provider told if that has been asked, else from the built-in table,
   * else cautious defaults. Nobody is asked, so that a turn need not wait.
   */
  modelInfo(id: string, providerId: string): ModelInfo {
    const told = this.#told?.providerId === providerId ? this.#told.models : null;
    return told?.find((model) => model.id === id) ?? builtInModel(id) ?? unknownModel(id);
  }

  /**
   * Takes the version of its models that a provider names beside a response. If it is not the version of what the
   * provider told, the provider is asked again; nothing waits for that. Otherwise what it told counts for longer.
   */
  noteEtag(etag: string, providerId: string): void {
    const told = this.#told;
    if (told === null || told.models === null || told.providerId !== providerId) return;
    if (told.etag === etag) {
      this.#told = { ...told, askAgainAt: this.#options.now() + ANSWER_COUNTS_MS };
      return;
    }
    if (this.#wantedEtag === etag) return;
    this.#wantedEtag = etag;
    const source = this.#options.source();
    if (source?.providerId === providerId) void this.#ask(source);
  }

  /** Gives up a request that is under way. Idempotent. */
  close(): void {
    this.#closing.abort();
  }

  /** Requests for the same list share one answer. */
  #modelsOf(source: ModelsSource): Promise<readonly ModelInfo[] | null> {
    const { key } = source;
    if (this.#told?.key === key && this.#options.now() < this.#told.askAgainAt) {
      return Promise.resolve(this.#told.models);
    }
    return this.#ask(source);
  }

  #ask(source: ModelsSource): Promise<readonly ModelInfo[] | null> {
    const { key } = source;
    if (this.#asking?.key !== key) this.#asking = { key, models: this.#answerOf(source) };
    return this.#asking.models;
  }

  /** Never rejects. */
  async #answerOf(source: ModelsSource): Promise<readonly ModelInfo[] | null> {
    const { logger, now, transport } = this.#options;
    const { key, providerId } = source;
    const outcome = await fetchModels(transport, source.request, this.#closing.signal);
    const models = outcome.ok ? modelsOfAnswer(outcome.answer, source) : null;
    const earlier = this.#told?.key === key ? this.#told : null;
    if (!outcome.ok)
      logger.warn({ providerId, reason: outcome.message }, 'the models could not be asked for');
    else logger.debug({ providerId, models: models?.length ?? 0 }, 'the provider told its models');
    // A request for another list may have taken the place of this one.
    if (this.#asking?.key === key) this.#asking = null;
    this.#told = {
      key,
      providerId,
      models: models ?? earlier?.models ?? null,
      etag: outcome.ok ? outcome.etag : (earlier?.etag ?? null),
      askAgainAt: now() + (models === null ? FAILURE_COUNTS_MS : ANSWER_COUNTS_MS),
    };
    return this.#told.models;
  }
}
