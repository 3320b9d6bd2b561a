import { expect, test } from 'vitest';
import { TestDaemon } from '../support/daemon.ts';
import { RealtimeUpstream } from '../support/realtime-upstream.ts';

const SECRETS =
  'http_headers = { "x-api-key" = "header-secret-1" }\nquery_params = { sig = "query-secret-2" }';
const SENT = ['Bearer test-token', 'header-secret-1', 'query-secret-2'];

test('what a refusal repeats of what was sent in confidence reaches neither the client nor the log', async () => {
  const upstream = await RealtimeUpstream.open({
    refuse: () => ({ status: '403 Forbidden', body: `no: ${SENT.join(' ')}` }),
  });
  const daemon = await TestDaemon.open({ config: upstream.config({ tables: SECRETS }) });
  const threadId = await daemon.startThread();
  await daemon.request('thread/realtime/start', { threadId, outputModality: 'audio' });
  const { message } = await daemon.waitForNotification('thread/realtime/error');
  expect(message).toMatch(/HTTP status 403: no: \[redacted\] \[redacted\] \[redacted\]$/);
  daemon.process.stdin.end();
  await daemon.exited;
  for (const secret of ['test-token', 'header-secret-1', 'query-secret-2']) {
    expect(daemon.stderr).not.toContain(secret);
  }
});

test('an error event that repeats it is told without it', async () => {
  const upstream = await RealtimeUpstream.open();
  const daemon = await TestDaemon.open({ config: upstream.config({ tables: SECRETS }) });
  const threadId = await daemon.startThread();
  await daemon.request('thread/realtime/start', { threadId, outputModality: 'audio' });
  const socket = await upstream.socket();
  socket.send({ type: 'error', error: { type: 'server_error', message: `bad key header-secret-1` } });
  const { message } = await daemon.waitForNotification('thread/realtime/error');
  expect(message).toBe('bad key [redacted]');
});

test('starts that wait for one that does not come up are bounded', async () => {
  const upstream = await RealtimeUpstream.open({ isSilent: true });
  const daemon = await TestDaemon.open({ config: upstream.config() });
  const threadId = await daemon.startThread();
  const start = { threadId, outputModality: 'audio' };
  const answers = await Promise.all(
    Array.from({ length: 36 }, () => daemon.call('thread/realtime/start', start)),
  );
  expect(answers.map(({ error }) => error?.code ?? null)).toEqual([
    ...Array.from({ length: 33 }, () => null),
    ...Array.from({ length: 3 }, () => -32001),
  ]);
  expect(answers.at(-1)?.error).toEqual({
    code: -32001,
    message: '32 starts wait already; wait for one to be up',
    data: { reason: 'server_overloaded' },
  });
});
