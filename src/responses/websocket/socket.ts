import type { ResponseHeaders } from '../http/transport.ts';

/** What a socket gives next. After `closed` or `failed` it gives that again. */
export type SocketFrame =
  | { readonly type: 'text'; readonly text: string }
  | { readonly type: 'binary' }
  /** The peer ended the connection, with a close frame or without one. */
  | { readonly type: 'closed'; readonly withCloseFrame: boolean }
  | { readonly type: 'failed'; readonly reason: string };

/** A connected WebSocket whose frames are taken one by one. A socket that is not read is paused in time. */
export interface FrameSocket {
  /** Resolves when the frame is handed to the network; rejects when that fails. */
  send(text: string): Promise<void>;
  /** The next frame, in order of arrival. Not to be called again before it has settled. */
  next(): Promise<SocketFrame>;
  /** The next frame if it has arrived already, else null. */
  takeArrived(): SocketFrame | null;
  readonly hasEnded: boolean;
  /** Ends the connection at once, without a word to the peer. Idempotent. */
  drop(): void;
  /** Ends the connection in order. Idempotent. */
  close(): void;
}

export interface DialRequest {
  readonly url: string;
  readonly headers: Record<string, string>;
  /** Aborting it ends the attempt. */
  readonly signal: AbortSignal;
}

/** How a handshake was answered: by a socket, or by an HTTP answer. */
export type DialOutcome =
  | { readonly type: 'open'; readonly socket: FrameSocket; readonly headers: ResponseHeaders }
  | {
      readonly type: 'refused';
      readonly status: number;
      readonly headers: ResponseHeaders;
      readonly body: string;
    };

/** Opens a WebSocket. Rejects when there is no answer to the handshake. */
export type DialSocket = (request: DialRequest) => Promise<DialOutcome>;
