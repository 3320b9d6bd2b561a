import type { McpFetch } from './server-settings.ts';

/** How much of an answer may come without an end of line, in bytes: no event and no document is longer. */
const MAX_LINE_BYTES = 16 * 1024 * 1024;

const LINE_FEED = 10;

/** A `fetch` whose answers break off when a line of them is too long to be held. */
export function boundedFetch(fetch: McpFetch): McpFetch {
  return async (url, init) => {
    const response = await fetch(url, init);
    if (response.body === null) return response;
    const { headers, status, statusText } = response;
    return new Response(response.body.pipeThrough(lineGuard()), { headers, status, statusText });
  };
}

function lineGuard(): TransformStream<Uint8Array, Uint8Array> {
  let length = 0;
  return new TransformStream({
    transform: (chunk, controller) => {
      const last = chunk.lastIndexOf(LINE_FEED);
      length = last === -1 ? length + chunk.length : chunk.length - last - 1;
      if (length > MAX_LINE_BYTES) controller.error(new Error('a message is too long'));
      else controller.enqueue(chunk);
    },
  });
}
