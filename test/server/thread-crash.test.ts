import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { TestDaemon } from '../support/daemon.ts';
import type { WireMessage } from '../support/daemon.ts';
import { RealtimeUpstream } from '../support/realtime-upstream.ts';
import { completed, itemDone } from '../support/responses-upstream.ts';
import {
  conversationOf,
  linesOf,
  listedIds,
  readThread,
  resumeThread,
  rolloutFiles,
} from './stored-threads.ts';
import { text } from './turns.ts';

const ROUNDS = 36;
const MAX_MESSAGES = 120;

/** Numbers that look random and are the same in every run. */
function numbers(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

/** An upstream that answers every request at once, with texts of all lengths. */
async function openUpstream(random: (below: number) => number): Promise<string> {
  let count = 0;
  const server = createServer((request, response) => {
    request.resume().on('end', () => {
      count += 1;
      const id = `m${count}`;
      const content = [{ type: 'output_text', text: `answer ${'x'.repeat(random(60_000))}` }];
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      const item = { type: 'message', role: 'assistant', id, content };
      for (const event of [itemDone(item), completed(id)]) {
        response.write(`event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`);
      }
      response.end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** Types and talks on some threads at once, and kills the daemon when it has sent so many messages more. */
async function workUntilKilled(
  daemon: TestDaemon,
  realtime: RealtimeUpstream,
  threadIds: readonly string[],
  messages: number,
): Promise<void> {
  const type = (threadId: string): void => {
    const params = { threadId, input: [text('question')] };
    daemon.write({ id: `turn on ${threadId}`, method: 'turn/start', params });
  };
  const talk = (): void => {
    for (const socket of realtime.sockets.filter(({ closed }) => closed === null)) {
      socket.send(
        { type: 'conversation.item.input_audio_transcription.completed', transcript: 'spoken' },
        { type: 'response.output_audio_transcript.done', transcript: 'heard' },
      );
    }
  };
  const react = ({ method, params }: WireMessage): void => {
    if (method === 'turn/completed') type(params?.['threadId'] as string);
    if (method === 'thread/realtime/started' || method === 'turn/started') talk();
  };
  const last = daemon.messages.length + messages;
  let seen = daemon.messages.length;
  daemon.process.stdout.on('data', () => {
    for (; seen < daemon.messages.length; seen += 1) react(daemon.messages[seen] as WireMessage);
    if (seen >= last) daemon.process.kill('SIGKILL');
  });
  for (const threadId of threadIds) {
    const params = { threadId, outputModality: 'audio' };
    daemon.write({ id: `call on ${threadId}`, method: 'thread/realtime/start', params });
    type(threadId);
  }
  expect(await daemon.exited).toEqual({ code: null, signal: 'SIGKILL' });
}

/** What a client was promised: the turns of each thread whose end it has heard of. */
class Promised {
  readonly turns = new Map<string, Set<string>>();

  note(daemon: TestDaemon): void {
    for (const { params } of daemon.notifications('turn/completed')) {
      const threadId = params?.['threadId'] as string;
      const turn = params?.['turn'] as { id: string; status: string };
      if (turn.status !== 'completed') continue;
      this.turns.set(threadId, (this.turns.get(threadId) ?? new Set()).add(turn.id));
    }
  }

  /** Whether another daemon finds all of it. */
  async check(daemon: TestDaemon, round: string): Promise<void> {
    expect(await listedIds(daemon, { limit: 100 }), round).toEqual(
      expect.arrayContaining([...this.turns.keys()]),
    );
    for (const [threadId, turnIds] of this.turns) {
      const { turns } = await readThread(daemon, threadId);
      const ids = turns.map(({ id }) => id);
      expect(new Set(ids).size, round).toBe(ids.length);
      const found = turns.filter(({ status }) => status === 'completed').map(({ id }) => id);
      expect(found, round).toEqual(expect.arrayContaining([...turnIds]));
      expect(conversationOf(await resumeThread(daemon, threadId)), round).toEqual(conversationOf({ turns }));
    }
  }
}

it('a daemon that is killed loses no turn whose end was told, and leaves files that can be read', async () => {
  const random = numbers(4711);
  const [url, realtime] = [await openUpstream(random), await RealtimeUpstream.open()];
  const config = realtime.config().replace(`${realtime.url}/v1`, `${url}/v1`);
  const first = await TestDaemon.open({ config });
  const promised = new Promised();
  const pieces = new Map<string, number>();
  let threadIds: string[] = [];
  for (let number = 0; number < ROUNDS; number += 1) {
    const round = `round ${number}`;
    const daemon = number === 0 ? first : await TestDaemon.open({ home: first.home });
    await promised.check(daemon, round);
    if (number % 9 === 0) threadIds = [await daemon.startThread(), await daemon.startThread()];
    else for (const threadId of threadIds) await daemon.call('thread/resume', { threadId });
    const loaded = (await daemon.request<{ data: string[] }>('thread/loaded/list', {})).data;
    if (!threadIds.some((id) => loaded.includes(id))) threadIds = [await daemon.startThread()];
    await workUntilKilled(daemon, realtime, threadIds, 1 + random(MAX_MESSAGES));
    promised.note(daemon);
    for (const file of rolloutFiles(first.home)) {
      const torn = linesOf(join(first.home, file)).torn.length;
      expect(torn - (pieces.get(file) ?? 0), `${round} of ${file}`).toBeLessThanOrEqual(1);
      pieces.set(file, torn);
    }
  }
  expect(promised.turns.size).toBeGreaterThan(2);
}, 180_000);
