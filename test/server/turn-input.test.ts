import { mkdirSync, mkdtempSync, rmSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { bytesOf, imageOf, PIXEL, sharp, urlOf } from '../support/images.ts';
import { endOf, openThread, text } from './turns.ts';
import type { TurnResult } from './turns.ts';

let folder = '';

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'parley-input-'));
});

afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** The parts that the model is given for an input. */
async function partsOf(input: readonly object[]): Promise<unknown> {
  const { daemon, threadId, upstream } = await openThread();
  const { turn } = await daemon.request<TurnResult>('turn/start', { threadId, input });
  const request = await upstream.request();
  request.answer('m1', ['ok']);
  expect((await endOf(daemon, turn.id))['status']).toBe('completed');
  return request.input.at(-1)?.content;
}

function words(value: string): object {
  return { type: 'input_text', text: value };
}

function image(url: string): object {
  return { type: 'input_image', image_url: url, detail: 'high' };
}

describe('the input of a turn', () => {
  it('gives the model images where they stand between the texts', async () => {
    const path = join(folder, 'a.PNG');
    writeFileSync(path, PIXEL);
    const input = [
      text('first'),
      { type: 'image', url: 'https://example.com/a.png' },
      { type: 'localImage', path },
      text(''),
      { type: 'image', url: 'data:image/gif;base64,AAAA' },
      { type: 'localImage', path },
      text('last'),
    ];
    expect(await partsOf(input)).toEqual([
      words('first'),
      words('<image>'),
      image('https://example.com/a.png'),
      words('</image>'),
      words('<image name=[Image #1]>'),
      image(urlOf('png', PIXEL)),
      words('</image>'),
      words(''),
      words('<image>'),
      image('data:image/gif;base64,AAAA'),
      words('</image>'),
      words('<image name=[Image #2]>'),
      image(urlOf('png', PIXEL)),
      words('</image>'),
      words('last'),
    ]);
  });

  it('gives the model a text in place of a local image that cannot be sent', async () => {
    const at = (name: string): string => join(folder, name);
    writeFileSync(at('text.txt'), 'words');
    writeFileSync(at('none'), 'words');
    mkdirSync(at('folder.png'));
    writeFileSync(at('large.png'), '');
    truncateSync(at('large.png'), 20 * 1024 * 1024 + 1);
    symlinkSync('/dev/zero', at('device.png'));
    const names = ['missing.png', 'text.txt', 'none', 'folder.png', 'large.png', 'device.png'];
    const parts = await partsOf(names.map((name) => ({ type: 'localImage', path: at(name) })));
    expect(parts).toEqual(
      names.map((name) => words(expect.stringContaining(`\`${at(name)}\``) as unknown as string)),
    );
    for (const { text: said } of parts as { text: string }[]) {
      expect(said).toMatch(/^The image at `[^`]+` could not be sent: .+\.$/);
    }
  });

  it.skipIf(sharp === null)('makes large images smaller, files and data URLs alike', async () => {
    const path = join(folder, 'wide');
    const bytes = await imageOf(3000, 300, 'png', { isNoise: true });
    writeFileSync(path, bytes);
    const parts = (await partsOf([
      { type: 'localImage', path },
      { type: 'image', url: urlOf('png', bytes) },
    ])) as { image_url?: string }[];
    const urls = parts.flatMap(({ image_url: url }) => url ?? []);
    const sizes = urls.map(async (url) => {
      const { height, width } = (await sharp?.(bytesOf(url).bytes).metadata()) ?? {};
      return { width, height };
    });
    const size = { width: 2048, height: 205 };
    expect(await Promise.all(sizes)).toEqual([size, size]);
  });

  it('gives the model nothing for skills and mentions', async () => {
    const input = [
      { type: 'skill', name: 's', path: '/s' },
      text('words'),
      { type: 'mention', name: 'm', path: 'app://m' },
    ];
    expect(await partsOf(input)).toEqual([words('words')]);
  });
});
