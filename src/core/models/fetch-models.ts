import { errorMessage } from '../../util/errors.ts';

/** Sends the one request that is needed here. `fetch` has this shape. */
export type ModelsTransport = (
  url: string,
  request: {
    readonly method: 'GET';
    readonly headers: Record<string, string>;
    readonly signal: AbortSignal;
  },
) => Promise<{
  readonly status: number;
  readonly headers: { get(name: string): string | null };
  readonly body: AsyncIterable<Uint8Array> | null;
}>;

export interface ModelsRequest {
  /** It may hold credentials, and so may the headers. */
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
}

/** An answer that can be used, or why there is none, in words that hold nothing of the request. */
export type ModelsOutcome =
  | { readonly ok: true; readonly answer: unknown; readonly etag: string | null }
  | { readonly ok: false; readonly message: string };

/** The longest that a provider may take to tell its models, until the end of the answer. */
const TIMEOUT_MS = 5_000;

/** A described model carries its instructions, so a list of them may be long. */
const LONGEST_ANSWER_BYTES = 8 * 1024 * 1024;

/** Asks a provider for its models. Never rejects. */
export async function fetchModels(
  transport: ModelsTransport,
  { headers, url }: ModelsRequest,
  closing: AbortSignal,
): Promise<ModelsOutcome> {
  if (!URL.canParse(url)) return failure('the URL is not valid');
  const timeout = AbortSignal.timeout(TIMEOUT_MS);
  const signal = AbortSignal.any([closing, timeout]);
  try {
    const response = await transport(url, { method: 'GET', headers: { ...headers }, signal });
    const text = await readText(response.body);
    if (response.status !== 200) return failure(`the provider answered with status ${response.status}`);
    if (text === null) return failure(`the answer is longer than ${LONGEST_ANSWER_BYTES} bytes`);
    const answer = parseJson(text);
    if (answer === undefined) return failure('the answer is not JSON');
    return { ok: true, answer, etag: response.headers.get('etag') };
  } catch (error) {
    return failure(timeout.aborted ? `there was no answer within ${TIMEOUT_MS} ms` : reason(error));
  }
}

function failure(message: string): ModelsOutcome {
  return { ok: false, message };
}

/** Null for a body that is too long, of which the rest is not read. */
async function readText(body: AsyncIterable<Uint8Array> | null): Promise<string | null> {
  const pieces: Uint8Array[] = [];
  let length = 0;
  for await (const piece of body ?? []) {
    length += piece.length;
    if (length > LONGEST_ANSWER_BYTES) return null;
    pieces.push(piece);
  }
  return Buffer.concat(pieces).toString('utf8');
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // The parser's message quotes the text; the fact is enough.
    return undefined;
  }
}

/** `fetch` tells why it failed in the cause of its error. */
function reason(error: unknown): string {
  return errorMessage(error instanceof Error && error.cause !== undefined ? error.cause : error);
}
