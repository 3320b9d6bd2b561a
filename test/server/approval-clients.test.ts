import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { testFolder } from '../support/folder.ts';
import { completed, ResponsesUpstream } from '../support/responses-upstream.ts';
import type { UpstreamRequest } from '../support/responses-upstream.ts';
import { exec, outputOf } from './acting.ts';
import { openServer } from './in-process-server.ts';
import type { InProcessClient, InProcessServer } from './in-process-server.ts';

const METHOD = 'item/commandExecution/requestApproval';
const REJECTED = 'exec command rejected by user';

interface Asking {
  readonly server: InProcessServer;
  readonly client: InProcessClient;
  readonly threadId: string;
  readonly file: string;
  /** The request that tells what came of the command. */
  readonly outcome: () => Promise<UpstreamRequest>;
}

/** A turn whose command is being asked about, after `follow` has let other clients follow the thread. */
async function openAsking(
  follow: (server: InProcessServer, threadId: string) => Promise<unknown>,
): Promise<Asking> {
  const upstream = await ResponsesUpstream.open();
  const folder = testFolder();
  const server = openServer(
    upstream.config('approval_policy = "untrusted"\nsandbox_mode = "danger-full-access"', {
      model: 'gpt-5.5',
    }),
    { variables: { PATH: process.env['PATH'] }, workingDirectory: folder },
  );
  const client = await server.connect();
  const threadId = await client.startThread();
  // A thread can be resumed once something was said in it.
  await client.startTurn(threadId, 'hello');
  (await upstream.request()).answer('m0', ['hello']);
  await client.until('turn/completed', threadId);
  await follow(server, threadId);
  await client.startTurn(threadId, 'go');
  const request = await upstream.request(1);
  request.send(exec('touch made'), completed('r1'));
  request.end();
  await client.untilAsked();
  return { server, client, threadId, file: join(folder, 'made'), outcome: () => upstream.request(2) };
}

async function joined(server: InProcessServer, threadId: string): Promise<InProcessClient> {
  const client = await server.connect();
  await client.call('thread/resume', { threadId });
  return client;
}

function resolvedIn({ heard }: InProcessClient): unknown[] {
  return heard.filter(({ method }) => method === 'serverRequest/resolved').map(({ params }) => params);
}

describe('a question to several clients', () => {
  it('is answered by the first, and over for both', async () => {
    let other: InProcessClient | undefined;
    const { client, file, outcome, threadId } = await openAsking(async (server, id) => {
      other = await joined(server, id);
    });
    await other?.untilAsked();
    expect(other?.asked[0]?.method).toBe(METHOD);
    expect(other?.asked[0]?.params).toEqual(client.asked[0]?.params);
    other?.asked[0]?.answer({ decision: 'accept' });
    client.asked[0]?.answer({ decision: 'decline' });
    expect(outputOf(await outcome())).toMatch(/exited with code 0/);
    expect(existsSync(file)).toBe(true);
    for (const each of [client, other]) {
      await each?.until('serverRequest/resolved', threadId);
      expect(each === undefined ? [] : resolvedIn(each)).toEqual([
        { threadId, requestId: expect.any(Number) },
      ]);
    }
  });

  it('waits for the others where one cannot answer or goes away', async () => {
    const others: InProcessClient[] = [];
    const { client, outcome } = await openAsking(async (server, id) => {
      others.push(await joined(server, id), await joined(server, id));
    });
    const [second, third] = others;
    await Promise.all(others.map((each) => each.untilAsked()));
    second?.asked[0]?.refuse();
    await client.close();
    third?.asked[0]?.answer({ decision: 'accept' });
    expect(outputOf(await outcome())).toMatch(/exited with code 0/);
  });

  it('is not put to a client that does not follow the thread', async () => {
    let other: InProcessClient | undefined;
    const { client, outcome } = await openAsking(async (server) => {
      other = await server.connect();
    });
    client.asked[0]?.answer({ decision: 'decline' });
    expect(outputOf(await outcome())).toBe(REJECTED);
    expect(other?.asked).toEqual([]);
    expect(other === undefined ? [] : resolvedIn(other)).toEqual([]);
  });

  it('is put to a client that resumes the thread while it is open', async () => {
    const { client, outcome, server, threadId } = await openAsking(async () => {});
    const late = await joined(server, threadId);
    await late.untilAsked();
    expect(late.asked[0]?.params).toEqual(client.asked[0]?.params);
    const view = await late.call<{ thread: { status: unknown } }>('thread/read', { threadId });
    expect(view.thread.status).toEqual({ type: 'active', activeFlags: ['waitingOnApproval'] });
    await client.close();
    late.asked[0]?.answer({ decision: 'accept' });
    expect(outputOf(await outcome())).toMatch(/exited with code 0/);
  });

  it('is a no when all have gone away', async () => {
    let other: InProcessClient | undefined;
    const { client, file, outcome } = await openAsking(async (server, id) => {
      other = await joined(server, id);
    });
    await other?.untilAsked();
    await Promise.all([client.close(), other?.close()]);
    expect(outputOf(await outcome())).toBe(REJECTED);
    expect(existsSync(file)).toBe(false);
  });
});
