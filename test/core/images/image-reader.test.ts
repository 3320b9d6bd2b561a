import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { ImageReader } from '../../../src/core/images/image-reader.ts';
import type { ImageUrl } from '../../../src/core/images/image-reader.ts';
import { loadSharp } from '../../../src/core/images/load-sharp.ts';
import { deferred } from '../../../src/util/deferred.ts';
import { bytesOf, imageOf, PIXEL, sharp, urlOf } from '../../support/images.ts';
import type { Format } from '../../support/images.ts';

const MIB = 1024 * 1024;
const FORMATS: readonly Format[] = ['gif', 'jpeg', 'png', 'webp'];
const NEVER = new AbortController().signal;

const withSharp = new ImageReader(loadSharp);
const without = new ImageReader(() => Promise.resolve(null));

/** A path at which these bytes lie. The name says nothing. */
function fileOf(bytes: Buffer | string): string {
  const folder = mkdtempSync(join(tmpdir(), 'parley-image-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const path = join(folder, 'file');
  writeFileSync(path, bytes);
  return path;
}

function read(
  reader: ImageReader,
  bytes: Buffer | string,
  detail: 'fitting' | 'original' = 'fitting',
): Promise<ImageUrl> {
  return reader.read(fileOf(bytes), { detail, signal: NEVER });
}

function refused(reason: string): ImageUrl {
  return { ok: false, reason };
}

/** What an image has become: its type, size and metadata. */
async function viewOf(image: ImageUrl): Promise<object> {
  if (!image.ok || sharp === null) return image;
  const { bytes, type } = bytesOf(image.url);
  const { exif, format, height, orientation, width } = await sharp(bytes).metadata();
  return { type, format, width, height, hasMetadata: exif !== undefined || orientation !== undefined };
}

describe('a file that is no image', () => {
  it.each([
    ['a text', 'words', 'it is no GIF, JPEG, PNG or WebP image'],
    ['nearly a WebP', 'RIFF0000WEB', 'it is no GIF, JPEG, PNG or WebP image'],
    [
      'another kind of image',
      '<svg xmlns="http://www.w3.org/2000/svg"/>',
      'it is no GIF, JPEG, PNG or WebP image',
    ],
    ['nothing', '', 'it is empty'],
  ])('is refused: %s', async (_what, content, reason) => {
    expect(await read(withSharp, content)).toEqual(refused(reason));
    expect(await read(without, content, 'original')).toEqual(refused(reason));
  });

  it('is refused where it is none at all', async () => {
    const path = fileOf('');
    const options = { detail: 'fitting', signal: NEVER } as const;
    mkdirSync(`${path}.png`);
    expect(await withSharp.read(`${path}.png`, options)).toEqual(refused('it is no regular file'));
    expect(await withSharp.read(`${path}.gif`, options)).toEqual(refused('ENOENT'));
  });

  it.skipIf(process.platform !== 'linux')(
    'is refused where a link leads to the system or a pipe',
    async () => {
      const path = fileOf('');
      execFileSync('mkfifo', [`${path}.fifo`]);
      for (const target of ['/proc/self/environ', '/dev/zero', `${path}.fifo`]) {
        rmSync(`${path}.png`, { force: true });
        symlinkSync(target, `${path}.png`);
        const image = await withSharp.read(`${path}.png`, { detail: 'fitting', signal: NEVER });
        expect(image).toEqual(refused('it is no regular file'));
      }
    },
  );

  it('is refused where it is too large', async () => {
    const path = fileOf(PIXEL);
    truncateSync(path, 20 * MIB + 1);
    const image = await withSharp.read(path, { detail: 'original', signal: NEVER });
    expect(image).toEqual(refused('it is larger than 20971520 bytes'));
  });
});

describe.skipIf(sharp === null)('an image', () => {
  it.each(FORMATS)('that is small is sent byte for byte, by what it is: %s', async (format) => {
    const bytes = await imageOf(2048, 10, format);
    expect(await read(withSharp, bytes)).toEqual({ ok: true, url: urlOf(format, bytes) });
    expect(await read(without, bytes)).toEqual({ ok: true, url: urlOf(format, bytes) });
  });

  it.each([
    ['gif', 'png'],
    ['jpeg', 'jpeg'],
    ['png', 'png'],
    ['webp', 'webp'],
  ] as const)('that is wide is made smaller: %s', async (format, becomes) => {
    const bytes = await imageOf(3000, 1500, format);
    expect(await viewOf(await read(withSharp, bytes))).toEqual({
      type: `data:image/${becomes};base64`,
      format: becomes,
      width: 2048,
      height: 1024,
      hasMetadata: false,
    });
    expect(await read(without, bytes)).toEqual({ ok: true, url: urlOf(format, bytes) });
    expect(await read(withSharp, bytes, 'original')).toEqual({ ok: true, url: urlOf(format, bytes) });
  });

  it('that has many bytes is encoded anew, and never made larger', async () => {
    const bytes = await imageOf(700, 600, 'png', { isNoise: true });
    expect(bytes.length).toBeGreaterThan(MIB);
    const png = { type: 'data:image/png;base64', format: 'png', width: 700, height: 600, hasMetadata: false };
    expect(await viewOf(await read(withSharp, bytes))).toEqual(png);
  });

  it('that lies on its side is turned, and its metadata left out', async () => {
    const bytes = await imageOf(40, 20, 'jpeg', { orientation: 6 });
    expect(await viewOf(await read(withSharp, bytes))).toEqual({
      type: 'data:image/jpeg;base64',
      format: 'jpeg',
      width: 20,
      height: 40,
      hasMetadata: false,
    });
  });

  it.each([
    [
      'of which only the beginning is there',
      (bytes: Buffer) => bytes.subarray(0, Math.floor(bytes.length * 0.6)),
    ],
    ['of which little more than the signature is there', (bytes: Buffer) => bytes.subarray(0, 16)],
  ])('%s is refused', async (_what, broken) => {
    for (const format of ['jpeg', 'png', 'webp'] as const) {
      for (const width of [300, 2100]) {
        const bytes = await imageOf(width, 100, format, { isNoise: true });
        expect(await read(withSharp, broken(bytes))).toEqual(refused('it cannot be decoded'));
      }
    }
  });

  it('that has too many pixels is refused, though it has few bytes', async () => {
    const bytes = await imageOf(8200, 8200, 'png');
    expect(bytes.length).toBeLessThan(MIB);
    expect(await read(withSharp, bytes)).toEqual(refused('it has more than 67108864 pixels'));
  });

  it('that has many bytes however small it is made is refused', async () => {
    const bytes = await imageOf(2300, 2300, 'png', { isNoise: true });
    expect(await read(withSharp, bytes)).toEqual(
      refused('made to fit 2048 x 2048 pixels it still has more than 8388608 bytes'),
    );
    expect(await read(withSharp, bytes, 'original')).toEqual(
      refused('it has more than 8388608 bytes, too many to be sent in its original size'),
    );
    expect(await read(without, bytes)).toEqual(
      refused(
        'it has more than 4194304 bytes, and the package `sharp`, which could make it smaller, is not there',
      ),
    );
  });
});

describe('an image URL', () => {
  it.each([
    'https://example.com/a.png',
    'data:image/gif;base64,AAAA',
    'data:,words',
    `https://example.com/${'a'.repeat(2 * MIB)}`,
    `data:image/heic;base64,${'A'.repeat(2 * MIB)}`,
  ])('is left alone: %.30s', async (url) => {
    expect(await withSharp.fitUrl(url, NEVER)).toEqual({ ok: true, url });
  });

  it.skipIf(sharp === null)('with a large image is made smaller', async () => {
    const url = urlOf('png', await imageOf(2500, 250, 'png', { isNoise: true }));
    expect(
      await viewOf(await withSharp.fitUrl(url.replace('data:image/png', 'DATA:image/gif'), NEVER)),
    ).toEqual({
      type: 'data:image/png;base64',
      format: 'png',
      width: 2048,
      height: 205,
      hasMetadata: false,
    });
  });

  it.each([
    ['image/png;base64', 'it is no GIF, JPEG, PNG or WebP image, and has more than 8388608 bytes', 12],
    ['image/png', 'it is no GIF, JPEG, PNG or WebP image, and has more than 8388608 bytes', 12],
    ['image/png;base64', 'it is larger than 20971520 bytes', 29],
  ])('that is too long is refused: %s, %s', async (type, reason, length) => {
    const url = `data:${type},${'A'.repeat(length * MIB)}`;
    expect(await withSharp.fitUrl(url, NEVER)).toEqual(refused(reason));
  });
});

describe('reading images', () => {
  it('does one after the other, and a few hundred wait at most', async () => {
    const gate = deferred<null>();
    let loads = 0;
    const reader = new ImageReader(() => {
      loads += 1;
      return gate.promise;
    });
    const path = fileOf(PIXEL);
    const readOne = () => reader.read(path, { detail: 'fitting', signal: abortable().signal });
    const reads = Array.from({ length: 256 }, readOne);
    expect(await readOne()).toEqual(refused('too many other images wait to be sent'));
    await expect.poll(() => loads).toBe(1);
    gate.resolve(null);
    const url = urlOf('png', PIXEL);
    expect(await Promise.all(reads)).toEqual(reads.map(() => ({ ok: true, url })));
    expect(loads).toBe(256);
  });

  it('is given up when the turn is interrupted', async () => {
    const gate = deferred<null>();
    const reader = new ImageReader(() => gate.promise);
    const { signal, abort } = abortable();
    const path = fileOf(PIXEL);
    const reads = [1, 2].map(() => reader.read(path, { detail: 'fitting', signal }));
    abort();
    const interrupted = refused('the turn was interrupted');
    expect(await Promise.all(reads)).toEqual([interrupted, interrupted]);
    expect(await reader.read(path, { detail: 'fitting', signal })).toEqual(interrupted);
    gate.resolve(null);
    expect(await reader.read(path, { detail: 'fitting', signal: NEVER })).toEqual({
      ok: true,
      url: urlOf('png', PIXEL),
    });
  });
});

function abortable(): { readonly signal: AbortSignal; readonly abort: () => void } {
  const controller = new AbortController();
  return { signal: controller.signal, abort: () => controller.abort() };
}
