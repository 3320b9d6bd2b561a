import { expect, test } from 'vitest';
import { chunkDurationMs } from '../../src/realtime/index.ts';

const CHUNK = { data: '', sampleRate: 24_000, numChannels: 1, samplesPerChannel: null, itemId: null };

function base64Of(bytes: number): string {
  return Buffer.alloc(bytes).toString('base64');
}

test.each([
  ['samples that are stated', { samplesPerChannel: 480, data: 'not looked at' }, 20],
  ['stated samples are per channel', { samplesPerChannel: 480, numChannels: 2 }, 20],
  ['stated zero samples beat the data', { samplesPerChannel: 0, data: base64Of(960) }, 0],
  ['samples of the data', { data: base64Of(960) }, 20],
  ['two channels share the data', { data: base64Of(1920), numChannels: 2 }, 20],
  ['half a sample does not count', { data: base64Of(961) }, 20],
  ['one byte of padding', { data: base64Of(4799) }, 99],
  ['two bytes of padding', { data: base64Of(4801) }, 100],
  ['part of a millisecond does not count', { samplesPerChannel: 47 }, 1],
  ['less than a millisecond', { samplesPerChannel: 23 }, 0],
  ['no data', { data: '' }, 0],
  ['data whose padding is missing', { data: base64Of(961).replaceAll('=', '') }, 0],
  ['another rate', { sampleRate: 48_000, samplesPerChannel: 960 }, 20],
  ['a rate of zero counts as one', { sampleRate: 0, samplesPerChannel: 2 }, 2000],
  ['zero channels count as one', { data: base64Of(960), numChannels: 0 }, 20],
])('%s', (_name, fields, expected) => {
  expect(chunkDurationMs({ ...CHUNK, ...fields })).toBe(expected);
});
