import { decompress } from '@bokuweb/zstd-wasm';
import { expect, it } from 'vitest';
import { zstdCompress } from '../../src/util/zstd.ts';

it('compresses so that any zstd reader gives the body back', async () => {
  const body = new TextEncoder().encode('{"input":"again and again and again and again"}');
  const compressed = await zstdCompress(body);
  expect(compressed.subarray(0, 4)).toEqual(new Uint8Array([0x28, 0xb5, 0x2f, 0xfd]));
  expect(Buffer.from(decompress(compressed)).toString()).toBe(
    '{"input":"again and again and again and again"}',
  );
});
