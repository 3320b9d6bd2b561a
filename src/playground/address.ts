/**
 * The fragment of the page's address: `#token=…&thread=…`. A browser sends a fragment to no server, and keeps it when the
 * page is loaded again.
 */
export class Address {
  /** What the daemon lets this page in by; empty where the address has none. */
  get token(): string {
    return this.#fields.get('token') ?? '';
  }

  /** The thread that is open, or null. */
  get threadId(): string | null {
    return this.#fields.get('thread');
  }

  set threadId(id: string | null) {
    const fields = this.#fields;
    if (id === null) fields.delete('thread');
    else fields.set('thread', id);
    // It is the same page still, so that going back leaves it.
    history.replaceState(null, '', `#${fields}`);
  }

  get #fields(): URLSearchParams {
    return new URLSearchParams(location.hash.slice(1));
  }
}

/** Where the daemon listens: the host that served the page. */
export function daemonUrl(): string {
  return `ws://${location.host}/`;
}
