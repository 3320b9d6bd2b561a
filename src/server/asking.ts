import type { Ask, Questions } from '../core/index.ts';
import { findServerRequest } from '../protocol/index.ts';
import type { ServerRequestName } from '../protocol/index.ts';
import type { ClientConnection } from './client-connection.ts';

/** How each question of the core is put to clients. */
const METHODS = {
  commandApproval: 'item/commandExecution/requestApproval',
  dynamicToolCall: 'item/tool/call',
  fileChangeApproval: 'item/fileChange/requestApproval',
  elicitation: 'mcpServer/elicitation/request',
  userInput: 'item/tool/requestUserInput',
} as const satisfies { readonly [Q in keyof Questions]: ServerRequestName };

/** One question that waits for an answer. */
interface OpenQuestion {
  readonly threadId: string;
  /** Puts it to another client as well. */
  readonly putTo: (connection: ClientConnection) => void;
}

/** Puts the core's questions to the clients that follow a thread; the first answer counts. */
export class Asking {
  readonly #connections: Iterable<ClientConnection>;
  readonly #open = new Set<OpenQuestion>();

  constructor(connections: Iterable<ClientConnection>) {
    this.#connections = connections;
  }

  /** Puts what is open in a thread to a client that has come to follow it. */
  repeat(threadId: string, connection: ClientConnection): void {
    for (const question of this.#open) if (question.threadId === threadId) question.putTo(connection);
  }

  readonly ask: Ask = async (question, params, signal) => {
    signal.throwIfAborted();
    const { threadId } = params;
    const followers = [...this.#connections].filter((each) => each.isSubscribedTo(threadId));
    if (followers.length === 0) return null;
    const { response } = findServerRequest(METHODS[question]);
    const over = new AbortController();
    const asked = new Map<ClientConnection, number>();
    try {
      return await new Promise<Questions[typeof question]['answer'] | null>((resolve, reject) => {
        let waiting = 0;
        const putTo = (connection: ClientConnection): void => {
          if (asked.has(connection)) return;
          waiting += 1;
          void connection
            .request(METHODS[question], params, {
              signal: over.signal,
              onId: (id) => asked.set(connection, id),
            })
            .then(
              (answer) => {
                const decoded = response.safeParse(answer);
                resolve(decoded.success ? decoded.data : null);
              },
              () => {
                waiting -= 1;
                if (waiting === 0) resolve(null);
              },
            );
        };
        const open = { threadId, putTo };
        this.#open.add(open);
        over.signal.addEventListener('abort', () => this.#open.delete(open), { once: true });
        signal.addEventListener('abort', () => reject(signal.reason as Error), {
          once: true,
          signal: over.signal,
        });
        for (const connection of followers) putTo(connection);
      });
    } finally {
      over.abort();
      // Clients are not told of the end of a call: its item tells it.
      for (const [connection, requestId] of question === 'dynamicToolCall' ? [] : asked) {
        connection.notify('serverRequest/resolved', { threadId, requestId });
      }
    }
  };
}
