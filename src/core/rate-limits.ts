import type { GetAccountRateLimitsResponse, RateLimitSnapshot } from '../protocol/index.ts';

/** The limit that every model request counts against, and the one meant where a provider names none. */
const MAIN_LIMIT = 'codex';

/** Limits beyond this many are not kept; a provider has a handful. */
const MOST_LIMITS = 64;

const UNKNOWN: RateLimitSnapshot = {
  limitId: MAIN_LIMIT,
  limitName: null,
  primary: null,
  secondary: null,
  credits: null,
  planType: null,
  rateLimitReachedType: null,
};

/** What the model provider last said about the account's limits, by the limit's id. */
export class RateLimits {
  readonly #snapshots = new Map<string, RateLimitSnapshot>();
  #last = UNKNOWN;

  /** What was noted last, with what `note` took over; all null while that is nothing. */
  get last(): RateLimitSnapshot {
    return this.#last;
  }

  /** Keeps a snapshot. Credits and plan that it does not tell are those of the snapshot of the same limit before. */
  note(snapshot: RateLimitSnapshot): void {
    const id = snapshot.limitId ?? MAIN_LIMIT;
    const earlier = this.#snapshots.get(id);
    this.#last = {
      ...snapshot,
      credits: snapshot.credits ?? earlier?.credits ?? null,
      planType: snapshot.planType ?? earlier?.planType ?? null,
    };
    if (earlier !== undefined || this.#snapshots.size < MOST_LIMITS) this.#snapshots.set(id, this.#last);
  }

  /** The main limit, all null while nothing is known of it, and every limit by its id. */
  read(): GetAccountRateLimitsResponse {
    const byId = this.#snapshots.size === 0 ? null : Object.fromEntries(this.#snapshots);
    return { rateLimits: this.#snapshots.get(MAIN_LIMIT) ?? UNKNOWN, rateLimitsByLimitId: byId };
  }

  /** Forgets everything, because another account is in use. */
  clear(): void {
    this.#snapshots.clear();
    this.#last = UNKNOWN;
  }
}
