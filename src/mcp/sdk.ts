/** The parts of the SDK that are used here. They are loaded with the first server, so that nobody else waits for them. */
export async function loadSdk() {
  const [{ Client }, { StreamableHTTPClientTransport, StreamableHTTPError }, stdio, types] =
    await Promise.all([
      import('@modelcontextprotocol/sdk/client/index.js'),
      import('@modelcontextprotocol/sdk/client/streamableHttp.js'),
      import('@modelcontextprotocol/sdk/shared/stdio.js'),
      import('@modelcontextprotocol/sdk/types.js'),
    ]);
  return { Client, StreamableHTTPClientTransport, StreamableHTTPError, ...stdio, ...types };
}

export type Sdk = Awaited<ReturnType<typeof loadSdk>>;
