import { errorMessage } from '../../util/errors.ts';
import { errorBody, internalProblem, invalidRequest } from '../api-error.ts';
import type { ApiProblem, ApiRefusal } from '../api-error.ts';
import type { LoopbackContext } from '../context.ts';
import { readEventObject } from '../event-object.ts';
import type { EventSocket } from '../http/event-socket.ts';
import type { PacedRun } from '../paced-run.ts';
import type { ResponsesContext } from './http.ts';
import { readRequest } from './request.ts';
import type { ResponsesRequest } from './request.ts';
import { prepareResponse, streamResponse } from './response-run.ts';
import { ResponseStore } from './store.ts';

/** How many requests may wait for the one that is being answered. */
const MOST_WAITING = 16;

/** How long a connection may last, as in the API. */
const LONGEST_CONNECTION_MS = 60 * 60 * 1000;

const REQUEST_TYPE = 'response.create';

/** Answers the requests on a socket of `/v1/responses`, one after the other. */
export function serveResponsesSocket(socket: EventSocket, options: ResponsesContext): void {
  const { clock, onEvent } = options.context;
  const connection = new ResponsesConnection(socket, options);
  const timer = clock.setTimeout(() => connection.expire(), LONGEST_CONNECTION_MS);
  onEvent({ name: 'responses_socket_opened' });
  socket.listen({
    onText: (frame) => connection.receive(frame),
    onBinary: () =>
      connection.refuse(badRequest('A request is a text frame; a binary one says nothing here.')),
    onClose: (code) => {
      clock.clearTimeout(timer);
      connection.dispose();
      onEvent({ name: 'responses_socket_closed', code });
    },
  });
}

class ResponsesConnection {
  readonly #socket: EventSocket;
  readonly #context: LoopbackContext;
  readonly #shared: ResponseStore;
  /** What only this connection may continue, because its client wanted nothing stored. */
  readonly #own = new ResponseStore();
  #waiting: ResponsesRequest[] = [];
  #run: PacedRun | null = null;

  constructor(socket: EventSocket, { context, store }: ResponsesContext) {
    this.#socket = socket;
    this.#context = context;
    this.#shared = store;
  }

  receive(frame: string): void {
    const event = readEventObject(frame, [REQUEST_TYPE]);
    if (!event.ok) return this.refuse({ status: 400, problem: event.problem });
    const outcome = readRequest(event.value, frame.length);
    if (!outcome.ok) return this.refuse({ status: 400, problem: outcome.problem });
    if (this.#waiting.length >= MOST_WAITING) {
      const message = 'Too many requests wait on this connection.';
      const problem: ApiProblem = {
        type: 'rate_limit_error',
        code: 'rate_limit_exceeded',
        message,
        param: null,
      };
      return this.refuse({ status: 429, problem });
    }
    this.#waiting.push(outcome.request);
    this.#advance();
  }

  refuse({ status, problem }: ApiRefusal): void {
    this.#context.onEvent({ name: 'responses_error', status, code: problem.code });
    this.#socket.send({ type: 'error', status, ...errorBody(problem) });
  }

  expire(): void {
    const message = 'The connection has reached its longest duration of 60 minutes; open a new one.';
    this.refuse({ status: 400, problem: invalidRequest('websocket_connection_limit_reached', message) });
    this.dispose();
    this.#socket.close(1001, 'The connection has reached its longest duration.');
  }

  dispose(): void {
    this.#waiting = [];
    this.#run?.stop();
  }

  #advance(): void {
    while (this.#run === null) {
      const request = this.#waiting.shift();
      if (request === undefined) return;
      this.#answer(request);
    }
  }

  /** A defect must cost one request, not the connection. */
  #answer(request: ResponsesRequest): void {
    try {
      const find = (id: string): ReturnType<ResponseStore['find']> =>
        this.#own.find(id) ?? this.#shared.find(id);
      const outcome = prepareResponse(request, find, this.#context);
      if (!outcome.ok) return this.refuse(outcome.refusal);
      const { response } = outcome;
      this.#run = streamResponse(response, {
        context: this.#context,
        outlet: this.#socket,
        send: (event) => this.#socket.send(event),
        onEnd: () => {
          this.#own.remember(response.id, response.memory);
          if (request.isStored) this.#shared.remember(response.id, response.memory);
          this.#run = null;
          this.#advance();
        },
      });
      this.#context.onEvent({ name: 'response_started', response: response.id, isStreamed: true });
      this.#run.start();
    } catch (error) {
      this.#context.onEvent({ name: 'internal_error', message: errorMessage(error) });
      this.#run = null;
      this.refuse({ status: 500, problem: internalProblem() });
    }
  }
}

function badRequest(message: string): ApiRefusal {
  return { status: 400, problem: invalidRequest(null, message) };
}
