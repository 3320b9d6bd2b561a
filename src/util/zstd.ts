/** The level at which bodies are compressed: fast, and small enough. */
const LEVEL = 3;

let loading: Promise<typeof import('@bokuweb/zstd-wasm')> | null = null;

/** Compresses with zstd. The library is loaded with the first call; Node 20 has none of its own. */
export async function zstdCompress(body: Uint8Array<ArrayBuffer>): Promise<Uint8Array<ArrayBuffer>> {
  loading ??= import('@bokuweb/zstd-wasm').then(async (library) => {
    await library.init();
    return library;
  });
  const { compress } = await loading;
  return new Uint8Array(compress(body, LEVEL));
}
