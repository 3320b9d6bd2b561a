import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { TestDaemon } from '../support/daemon.ts';

const MEBIBYTE = 1024 * 1024;
const LIMIT = 64 * MEBIBYTE;
const MOST_MEMORY = 300 * MEBIBYTE;

/** The most memory that a process has had in use, in bytes. Only Linux says. */
function peakMemory(daemon: TestDaemon): number {
  const status = readFileSync(`/proc/${daemon.process.pid}/status`, 'utf8');
  return Number(/^VmHWM:\s+(\d+) kB$/m.exec(status)?.[1]) * 1024;
}

describe('a message that is too long', () => {
  it('is refused with its id, without being held, and the next one is answered', async () => {
    const daemon = await TestDaemon.open();
    const before = daemon.messages.length;
    const head = '{"id":"long","method":"thread/start","params":{"cwd":"';
    daemon.raw(head);
    const chunk = Buffer.alloc(MEBIBYTE, 'x');
    for (let count = 0; count < LIMIT / MEBIBYTE + 20; count += 1) {
      const isRoom = daemon.process.stdin.write(chunk);
      if (!isRoom) await new Promise((resolve) => daemon.process.stdin.once('drain', resolve));
    }
    daemon.raw('"}}\n');
    expect(await daemon.call('thread/loaded/list', {})).toMatchObject({ result: { data: [] } });
    const bytes = head.length + LIMIT + 20 * MEBIBYTE + 3;
    expect(daemon.messages.slice(before, -1)).toEqual([
      {
        error: {
          code: -32600,
          message: `Message of ${bytes} bytes is longer than the limit of ${LIMIT} bytes`,
          data: { reason: 'messageTooLong' },
        },
        id: 'long',
      },
    ]);
    if (process.platform === 'linux') expect(peakMemory(daemon)).toBeLessThan(MOST_MEMORY);
  });
});

describe('twenty thousand requests in one write', () => {
  it('get twenty thousand answers, in order and in bounded memory', async () => {
    const daemon = await TestDaemon.open();
    const before = daemon.messages.length;
    const ids = Array.from({ length: 20_000 }, (_value, index) => `r${index}`);
    const request = (id: string): string =>
      `{"id":"${id}","method":"thread/realtime/listVoices","params":{}}\n`;
    daemon.raw(ids.map(request).join(''));
    await daemon.until('all answers', () =>
      daemon.messages.length >= before + ids.length ? true : undefined,
    );
    const answers = daemon.messages.slice(before);
    expect(answers.map(({ id }) => id)).toEqual(ids);
    expect(new Set(answers.map(({ result }) => JSON.stringify(result))).size).toBe(1);
    expect(answers[0]?.result).toMatchObject({ voices: { defaultV1: 'cove', defaultV2: 'marin' } });
    if (process.platform === 'linux') expect(peakMemory(daemon)).toBeLessThan(MOST_MEMORY);
  });

  it('get as many while nothing is read, once it is', async () => {
    const daemon = await TestDaemon.open();
    const before = daemon.messages.length;
    daemon.process.stdout.pause();
    const text = '{"id":1,"method":"no/such"}\n'.repeat(20_000);
    const written = new Promise((resolve) => daemon.process.stdin.write(text, resolve));
    daemon.process.stdout.resume();
    await written;
    await daemon.until('all answers', () => (daemon.messages.length >= before + 20_000 ? true : undefined));
    const answers = new Set(daemon.messages.slice(before).map((message) => JSON.stringify(message)));
    expect([...answers]).toEqual([expect.stringMatching(/^\{"error":\{"code":-32600,.*,"id":1\}$/)]);
    if (process.platform === 'linux') expect(peakMemory(daemon)).toBeLessThan(MOST_MEMORY);
  });

  it('get an answer each where they wait for one another', async () => {
    const daemon = await TestDaemon.open();
    const threadId = await daemon.startThread();
    const before = daemon.messages.length;
    const total = 20_000;
    const request = JSON.stringify({ id: 1, method: 'thread/unsubscribe', params: { threadId } });
    daemon.raw(`${request}\n`.repeat(total));
    await daemon.until('all answers', () => (daemon.messages.length >= before + total ? true : undefined));
    const answers = daemon.messages.slice(before);
    expect(answers[0]).toEqual({ id: 1, result: { status: 'unsubscribed' } });
    expect(new Set(answers.slice(1).map((message) => JSON.stringify(message)))).toEqual(
      new Set(['{"id":1,"result":{"status":"notSubscribed"}}']),
    );
  });
});
