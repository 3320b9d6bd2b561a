import { afterEach, beforeEach, expect, it } from 'vitest';
import { encodeBase64 } from '../../../src/client/browser/index.ts';
import { ReleaseStack } from '../../../src/client/browser/release-stack.ts';
import { Speaker } from '../../../src/client/browser/speaker.ts';
import { FakePage } from './fake-page.ts';

let page: FakePage;

beforeEach(() => {
  page = new FakePage();
});

afterEach(() => page.close());

it('does not count for the next answer what was played of the one that was interrupted', async () => {
  const speaker = new Speaker(new AudioContext(), () => {}, new ReleaseStack());
  const data = encodeBase64(new Uint8Array(48_000).fill(1));
  const chunk = { data, sampleRate: 24_000, numChannels: 1 };
  speaker.push({ ...chunk, itemId: 'a' });
  await page.settle();
  page.playUnheard(4_800);
  expect(speaker.interrupt()).toBe(true);
  speaker.push({ ...chunk, itemId: 'b' });
  await page.settle();
  expect([speaker.currentItemId, speaker.playedMs, speaker.isPlaying]).toEqual([null, 0, true]);
  page.playUnheard(4_800);
  await page.settle();
  expect([speaker.currentItemId, speaker.playedMs]).toEqual(['b', 100]);
});
