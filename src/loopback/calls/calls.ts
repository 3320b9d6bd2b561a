import { errorMessage } from '../../util/errors.ts';
import { internalProblem, invalidRequest } from '../api-error.ts';
import type { ApiRefusal } from '../api-error.ts';
import type { LoopbackContext } from '../context.ts';
import type { SessionRequest } from '../realtime/new-session.ts';
import { Call } from './call.ts';
import { answerOffer, UnusableOfferError } from './media-peer.ts';
import type { MediaPeer } from './media-peer.ts';
import type { Offer } from './offer.ts';

export const MOST_CALLS = 32;

/** How long the connections of ended calls may take to close before nobody waits for them. */
const CLOSE_TIMEOUT_MS = 1_000;

export type NewCallOutcome =
  | { readonly ok: true; readonly call: Call; readonly answer: string }
  | { readonly ok: false; readonly refusal: ApiRefusal };

/** The calls of a server. */
export class Calls {
  readonly #context: LoopbackContext;
  readonly #calls = new Map<string, Call>();
  readonly #closing = new Set<Promise<void>>();
  /** Calls whose offer is being answered. */
  #coming = 0;
  #isClosed = false;

  constructor(context: LoopbackContext) {
    this.#context = context;
  }

  find(id: string): Call | null {
    return this.#calls.get(id) ?? null;
  }

  /** Answers an offer and opens a call. Never rejects. */
  async create(offer: Offer, request: SessionRequest): Promise<NewCallOutcome> {
    if (this.#calls.size + this.#coming >= MOST_CALLS) return tooMany();
    this.#coming += 1;
    try {
      const peer = await answerOffer(offer);
      return this.#open(peer, offer, request);
    } catch (error) {
      this.#context.onEvent({ name: 'offer_refused', message: errorMessage(error) });
      if (!(error instanceof UnusableOfferError))
        return { ok: false, refusal: { status: 500, problem: internalProblem() } };
      const problem = invalidRequest('invalid_offer', 'The offer cannot be answered as it is.', 'sdp');
      return { ok: false, refusal: { status: 400, problem } };
    } finally {
      this.#coming -= 1;
    }
  }

  /** Ends every call, and waits for their connections for about a second. No call can be made after it. */
  async close(): Promise<void> {
    this.#isClosed = true;
    for (const call of this.#calls.values()) call.end('shutdown');
    if (this.#closing.size === 0) return;
    const { clock } = this.#context;
    let timer: unknown;
    const timeout = new Promise<void>((resolve) => {
      timer = clock.setTimeout(resolve, CLOSE_TIMEOUT_MS);
    });
    await Promise.race([Promise.all(this.#closing), timeout]);
    clock.clearTimeout(timer);
  }

  #open(peer: MediaPeer, { codec }: Offer, request: SessionRequest): NewCallOutcome {
    if (this.#isClosed) {
      this.#watch(peer.close());
      return { ok: false, refusal: { status: 503, problem: internalProblem() } };
    }
    const id = this.#context.newId('rtc');
    const onEnd = (peerClosed: Promise<void>): void => {
      this.#calls.delete(id);
      this.#watch(peerClosed);
    };
    const call = new Call({ id, request, peer, law: codec.law, context: this.#context, onEnd });
    this.#calls.set(id, call);
    return { ok: true, call, answer: peer.answer };
  }

  #watch(closed: Promise<void>): void {
    const settled = closed
      .catch((error: unknown) =>
        this.#context.onEvent({ name: 'peer_close_failed', message: errorMessage(error) }),
      )
      .finally(() => this.#closing.delete(settled));
    this.#closing.add(settled);
  }
}

function tooMany(): NewCallOutcome {
  const message = `There are ${MOST_CALLS} calls already; hang one up first.`;
  const problem = { type: 'rate_limit_error', code: 'too_many_calls', message, param: null } as const;
  return { ok: false, refusal: { status: 429, problem } };
}
