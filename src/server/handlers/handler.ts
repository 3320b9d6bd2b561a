import type { Core } from '../../core/index.ts';
import type { MethodName, ParamsOf, ResponseOf } from '../../protocol/index.ts';
import type { Asking } from '../asking.ts';
import type { ClientConnection } from '../client-connection.ts';

/** What a handler works with besides the params. */
export interface HandlerContext {
  readonly core: Core;
  readonly connection: ClientConnection;
  /** What clients are being asked. */
  readonly asking: Asking;
  /** Aborted when the client's connection closes. */
  readonly signal: AbortSignal;
  /** Calls back as soon as the answer has been written: the place for what must follow it. */
  readonly afterAnswer: (callback: () => void) => void;
  /** Calls back so long after the answer, in milliseconds. The next request of the lane waits for it, and so does the shutdown. */
  readonly longAfterAnswer: (delayMs: number, callback: () => void) => void;
}

/** An answer that comes later, while the next request of the same lane may already be handled. */
export class Accepted<R> {
  readonly answer: Promise<R>;

  constructor(answer: Promise<R>) {
    this.answer = answer;
  }
}

/** Handles one method. May throw `RpcError` and `CoreError`. */
export type Handler<M extends MethodName> = (
  params: ParamsOf<M>,
  context: HandlerContext,
) => ResponseOf<M> | Promise<ResponseOf<M>> | Accepted<ResponseOf<M>>;
