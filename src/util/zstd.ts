/** The level at which bodies are compressed: fast, and small enough. */
const LEVEL = 3;

type Compressor = (body: Uint8Array<ArrayBuffer>) => Uint8Array<ArrayBuffer>;

let loading: Promise<Compressor> | null = null;

/** Compresses with zstd. The library is loaded with the first call; Node 20 has none of its own. */
export async function zstdCompress(body: Uint8Array<ArrayBuffer>): Promise<Uint8Array<ArrayBuffer>> {
  loading ??= loadCompressor();
  const compress = await loading;
  return compress(body);
}

async function loadCompressor(): Promise<Compressor> {
  const { compress, init } = await import('@bokuweb/zstd-wasm');
  await init();
  return (body) => new Uint8Array(compress(body, LEVEL));
}
