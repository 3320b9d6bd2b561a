type HeaderMap = Readonly<Record<string, string>>;

const REDACTED = '[redacted]';

/** Shorter texts are no secrets, and would be found where they mean something else. */
const SHORTEST_SECRET = 8;

const SECRET_NAME = /auth|key|token|secret|cookie|password|sig/iu;

export interface SentInConfidence {
  readonly credential: HeaderMap;
  readonly headers: HeaderMap;
  readonly query: Readonly<Record<string, string>>;
}

/** Takes out of a text what was last sent in confidence, since a server can echo it. */
export class Redactor {
  #secrets: readonly string[] = [];

  remember({ credential, headers, query }: SentInConfidence): void {
    const named = [...Object.entries(headers), ...Object.entries(query)].filter(([name]) =>
      SECRET_NAME.test(name),
    );
    const values = [...Object.values(credential), ...named.map(([, value]) => value)];
    const secrets = values.flatMap((value) => [value, value.replace(/^(?:bearer|basic)\s+/iu, '')]);
    this.#secrets = [...new Set(secrets)]
      .filter((secret) => secret.length >= SHORTEST_SECRET)
      .sort((one, other) => other.length - one.length);
  }

  apply(text: string): string {
    return this.#secrets.reduce((clean, secret) => clean.replaceAll(secret, REDACTED), text);
  }
}
