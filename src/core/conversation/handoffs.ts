import type { TurnStatus } from '../../protocol/index.ts';
import type { ClientEvent, WireVersion } from '../../realtime/index.ts';
import { fitted } from '../../util/text-budget.ts';

/** What became of a request that the voice model handed over. */
export type HandoffOutcome =
  /** A turn has begun, or one that runs has taken it. */
  | { readonly kind: 'taken'; readonly turnId: string }
  /** The call said nothing. */
  | { readonly kind: 'empty' }
  /** It asked to stop, and that has been done, or there was nothing to stop. */
  | { readonly kind: 'stopped'; readonly wasRunning: boolean }
  | { readonly kind: 'refused'; readonly reason: string };

export interface HandoffsOptions {
  readonly version: WireVersion;
  readonly send: (event: ClientEvent) => void;
  /** Asks for a response as soon as there may be one. */
  readonly requestResponse: () => void;
}

/** How much of an error the voice model is told. */
const MAX_ERROR_TOKENS = 200;

/** The call that waits for the turn that works on it. */
interface ActiveHandoff {
  readonly callId: string;
  readonly turnId: string;
  hasReported: boolean;
}

const STEERED = 'The request was passed on to the work that is under way, which takes it into account.';
const CONTINUED = 'This request is worked on together with the one that came after it.';
const FINISHED = 'The work is finished. Its result is in the [BACKEND] messages before this.';
const SILENT_END = 'The work is finished. There is nothing to report.';
const INTERRUPTED = 'The work was stopped before it was finished.';
const EMPTY = 'The call held no request. Ask what should be done, and call again with the answer.';
const STOPPED = 'The work under way was stopped.';
const NOTHING_TO_STOP = 'No work was under way.';

/**
 * The calls by which the voice model hands work to the background agent. Each is answered exactly once, whatever happens
 * to its turn, unless the session ends before.
 */
export class Handoffs {
  readonly #options: HandoffsOptions;
  #active: ActiveHandoff | null = null;
  /** A call asked to stop, and its answer will speak for the work that it stops. */
  #isStopping = false;

  constructor(options: HandoffsOptions) {
    this.#options = options;
  }

  /** A call asks to stop the work under way. */
  stopRequested(): void {
    this.#isStopping = true;
  }

  /** A call's request has been dealt with. To be told before anything that its turn says. */
  routed(callId: string, outcome: HandoffOutcome): void {
    switch (outcome.kind) {
      case 'taken':
        return this.#taken(callId, outcome.turnId);
      case 'empty':
        return this.#answer(callId, EMPTY);
      case 'stopped':
        this.#isStopping = false;
        return this.#answer(callId, outcome.wasRunning ? STOPPED : NOTHING_TO_STOP);
      case 'refused':
        this.#isStopping = false;
        return this.#answer(callId, `The work could not be started: ${outcome.reason}`);
    }
  }

  /** The agent has finished a message in a turn. */
  agentMessage(turnId: string, text: string): void {
    const active = this.#active;
    if (active?.turnId !== turnId || text === '') return;
    active.hasReported = true;
    this.#options.send(this.#options.version.agentMessage(active.callId, text));
  }

  /** A turn has ended, and with it the call that waited for it. `error` is why it failed. */
  turnEnded(turnId: string, status: TurnStatus, error: string | null): void {
    const active = this.#active;
    if (active?.turnId !== turnId) return;
    this.#active = null;
    const { answersByMessages } = this.#options.version;
    if (status === 'completed' && active.hasReported && answersByMessages) return;
    const output = this.#options.version.handoffOutput(active.callId, outcomeText(active, status, error));
    this.#options.send(output);
    if (status !== 'interrupted' || !this.#isStopping) this.#options.requestResponse();
  }

  /** In a version that answers a call by the messages themselves, the latest call gets them. */
  #taken(callId: string, turnId: string): void {
    const active = this.#active;
    if (active !== null && !this.#options.version.answersByMessages) return this.#answer(callId, STEERED);
    if (active !== null && !active.hasReported) this.#answer(active.callId, CONTINUED);
    this.#active = { callId, turnId, hasReported: false };
  }

  #answer(callId: string, text: string): void {
    this.#options.send(this.#options.version.handoffOutput(callId, text));
    this.#options.requestResponse();
  }
}

function outcomeText({ hasReported }: ActiveHandoff, status: TurnStatus, error: string | null): string {
  switch (status) {
    case 'interrupted':
      return INTERRUPTED;
    case 'failed':
      return `The work failed: ${error === null ? 'the reason is not known' : fitted(error, MAX_ERROR_TOKENS)}`;
    default:
      return hasReported ? FINISHED : SILENT_END;
  }
}
