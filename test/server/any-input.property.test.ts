import fc from 'fast-check';
import { expect, it } from 'vitest';
import { methods } from '../../src/protocol/index.ts';
import type { MethodRow } from '../../src/protocol/index.ts';
import { arbitraryOf, json } from '../protocol/arbitrary.ts';
import { TestDaemon } from '../support/daemon.ts';
import type { WireMessage } from '../support/daemon.ts';
import { RealtimeUpstream } from '../support/realtime-upstream.ts';
import { FramedOutput, withHeader } from './content-length.ts';

const CLEAN = { code: 0, signal: null };

/** Bytes that look enough like messages to get beyond the first character. */
const almostMessages = fc
  .array(
    fc.oneof(
      fc.constantFrom(
        '{',
        '}',
        '[',
        ']',
        ',',
        ':',
        '"',
        '\\',
        '\n',
        '\r\n',
        'null',
        '1',
        '-',
        '\ufeff',
        '\0',
      ),
      fc.constantFrom(
        '"id"',
        '"method"',
        '"params"',
        '"result"',
        '"error"',
        '"thread/start"',
        '"$/cancelRequest"',
      ),
      fc.string({ unit: 'binary', maxLength: 5 }),
    ),
    { maxLength: 40 },
  )
  .map((tokens) => Buffer.from(tokens.join('')));

const anyBytes = fc.oneof(
  fc.uint8Array({ maxLength: 200 }).map((bytes) => Buffer.from(bytes)),
  almostMessages,
  json.map((value) => Buffer.from(JSON.stringify(value))),
);

it('any bytes leave the daemon alive and answering', async () => {
  const daemon = await TestDaemon.open();
  let run = 0;
  await fc.assert(
    fc.asyncProperty(fc.array(anyBytes, { maxLength: 5 }), async (chunks) => {
      run += 1;
      const id = `after run ${run}`;
      for (const chunk of chunks) daemon.raw(chunk);
      daemon.raw('\n');
      daemon.write({ id, method: 'thread/realtime/listVoices', params: {} });
      const answer = await daemon.waitFor(id, (message) => message.id === id);
      expect(answer).toHaveProperty('result.voices');
    }),
    { numRuns: 200 },
  );
  expect(daemon.garbage).toEqual([]);
  daemon.process.stdin.end();
  expect(await daemon.exited).toEqual(CLEAN);
});

it('any messages behind headers leave the daemon alive and answering', async () => {
  const daemon = new TestDaemon();
  const output = new FramedOutput(daemon);
  const clientInfo = { name: 'test', version: '1' };
  daemon.raw(withHeader({ id: 'i', method: 'initialize', params: { clientInfo } }));
  let run = 0;
  await fc.assert(
    fc.asyncProperty(fc.array(anyBytes, { maxLength: 5 }), async (bodies) => {
      run += 1;
      const id = `after run ${run}`;
      for (const body of bodies) {
        daemon.raw(`Content-Length: ${body.length}\r\n\r\n`);
        daemon.raw(body);
      }
      daemon.raw(withHeader({ id, method: 'thread/loaded/list', params: {} }));
      expect((await output.answer(id)).message).toHaveProperty('result.data');
    }),
    { numRuns: 100 },
  );
  daemon.process.stdin.end();
  expect(await daemon.exited).toEqual(CLEAN);
});

/** An upstream that refuses everything, so that nothing waits for it. */
async function openRefused(): Promise<{ daemon: TestDaemon; threadId: string }> {
  const upstream = await RealtimeUpstream.open({ refuse: () => ({ status: '503 Service Unavailable' }) });
  const daemon = await TestDaemon.open({ config: upstream.config() });
  return { daemon, threadId: await daemon.startThread() };
}

function paramsOf(row: MethodRow): fc.Arbitrary<unknown> {
  return row.params === null ? fc.constant(null) : arbitraryOf(row.params);
}

it('any params of any method get an answer', async () => {
  const { daemon, threadId } = await openRefused();
  const call = fc.constantFrom(...(methods as readonly MethodRow[])).chain((row) =>
    fc.record({
      method: fc.constant(row.method),
      params: fc.oneof(
        json,
        paramsOf(row),
        paramsOf(row).map((params) => ({ ...(params as object), threadId })),
      ),
    }),
  );
  await fc.assert(
    fc.asyncProperty(call, async ({ method, params }) => {
      const { error, result } = await daemon.call(method, params);
      expect((error === undefined) !== (result === undefined)).toBe(true);
      expect(error?.code).not.toBe(-32603);
    }),
    { numRuns: 300 },
  );
  expect(await daemon.request('thread/loaded/list', { limit: 1 })).toHaveProperty('data');
  daemon.process.stdin.end();
  expect(await daemon.exited).toEqual(CLEAN);
});

it('params of any depth get an answer', async () => {
  const { daemon, threadId } = await openRefused();
  const deep = (open: string, close: string): string => `${open.repeat(20_000)}1${close.repeat(20_000)}`;
  const values = [deep('[', ']'), deep('{"a":', '}'), deep('[{"config":', '}]')];
  const input = '{"type":"text","text":"x"}';
  const fields = ['config', 'outputSchema', 'input', 'audio', 'prompt', 'capabilities', 'limit'];
  const params = [
    ...values,
    ...fields.flatMap((field) =>
      values.map((value) => `{"threadId":"${threadId}","input":[${input}],"${field}":${value}}`),
    ),
  ];
  let sent = 0;
  const answered = (): WireMessage[] => daemon.messages.filter(({ id }) => String(id).startsWith('deep '));
  for (const { method } of methods) {
    for (const text of params)
      daemon.raw(`{"id":"deep ${(sent += 1)}","method":"${method}","params":${text}}\n`);
    await daemon.until(`the answers of ${method}`, () => (answered().length >= sent ? true : undefined));
  }
  const answers = answered();
  expect(answers).toHaveLength(sent);
  expect(answers.filter(({ error }) => error?.code === -32603)).toEqual([]);
});
