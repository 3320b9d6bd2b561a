import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import type { TestDaemon } from '../support/daemon.ts';
import { Call } from './call.ts';

const FRAMES = 3200;
const FRAME_LENGTH = 64 * 1024;
const MEGABYTE = 1024 * 1024;

/** How often the upstream is looked at without progress before it counts as stuck. */
const LOOKS = 20;

function residentBytes(daemon: TestDaemon): number {
  const status = readFileSync(`/proc/${daemon.process.pid}/status`, 'utf8');
  return Number(/^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1]) * 1024;
}

function chunk(index: number): string {
  return String(index).padStart(8, '0').padEnd(FRAME_LENGTH, 'A');
}

test('a client that does not read slows the upstream down instead of filling the memory', async () => {
  const call = await Call.open();
  const socket = await call.start();
  const { daemon } = call;
  daemon.process.stdout.pause();
  let handedOver = 0;
  for (let index = 0; index < FRAMES; index += 1) {
    const frame = JSON.stringify({ type: 'response.output_audio.delta', delta: chunk(index) });
    socket.socket.send(frame, () => {
      handedOver += 1;
    });
  }

  let largest = residentBytes(daemon);
  for (let looks = 0, before = -1; looks < LOOKS; looks = handedOver === before ? looks + 1 : 0) {
    before = handedOver;
    await new Promise((resolve) => setTimeout(resolve, 20));
    largest = Math.max(largest, residentBytes(daemon));
  }
  expect(handedOver).toBeLessThan(FRAMES);
  expect(largest).toBeLessThan(250 * MEGABYTE);

  daemon.process.stdout.resume();
  const heard = await daemon.until('every frame', () => {
    largest = Math.max(largest, residentBytes(daemon));
    return call.count('outputAudio/delta') === FRAMES ? call.heard.slice(1) : undefined;
  });
  expect(largest).toBeLessThan(250 * MEGABYTE);
  const numbers = heard.map(({ params }) => {
    const { data } = params?.['audio'] as { data: string };
    return `${Number(data.slice(0, 8))} of ${data.length}`;
  });
  expect(numbers).toEqual(Array.from({ length: FRAMES }, (_, index) => `${index} of ${FRAME_LENGTH}`));

  await call.fence(socket);
  await call.appendText('hello');
  await call.sendingFence(socket);
  expect(socket.received).toHaveLength(3);
});
