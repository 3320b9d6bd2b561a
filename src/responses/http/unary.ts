import { streamError } from '../error/responses-error.ts';
import type { JsonObject } from '../json.ts';
import { parseObject } from '../json.ts';
import type { OptionalHeaders } from '../request/headers.ts';
import type { Upstream } from '../upstream.ts';
import { post } from './post.ts';
import { readingError } from './network-reason.ts';
import { readBody } from './read-body.ts';

/** The longest answer that is taken, in bytes. */
const LONGEST_ANSWER = 64 * 1024 * 1024;

export interface UnaryCall {
  readonly path: string;
  readonly headers: OptionalHeaders;
  readonly body: object;
  readonly signal: AbortSignal;
}

/** Posts a body and gives the JSON object that it is answered with. A refused login is not renewed. */
export async function postForObject(upstream: Upstream, call: UnaryCall): Promise<JsonObject> {
  const { clock, provider } = upstream.options;
  const { signal } = call;
  const exchange = await post(upstream, { ...call, compress: null, recoversAuth: false });
  const bounds = { milliseconds: provider.streamIdleTimeoutMs, limit: LONGEST_ANSWER };
  try {
    const object = parseObject(await readBody(exchange.body, { ...bounds, clock, signal }));
    if (object === null) throw streamError(`the answer to ${call.path} is no JSON object`);
    return object;
  } catch (error) {
    throw readingError(error, signal);
  } finally {
    exchange.end();
  }
}
