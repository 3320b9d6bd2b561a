import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { idOf, putThread } from '../core/store/support/home.ts';
import { TestDaemon } from '../support/daemon.ts';
import { rolloutFiles } from './stored-threads.ts';

const PROVIDER =
  'model_provider = "x"\n[model_providers.x]\nname = "x"\nbase_url = "http://127.0.0.1:9/v1"\n';
const NEEDED = '[mcp_servers.needed]\ncommand = "/nope/server"\nrequired = true\n';
const HISTORY = [{ type: 'message', role: 'user', content: [{ type: 'input_text', text: 'hello' }] }];

it('a thread that cannot have what it needs leaves nothing behind, however it was to begin', async () => {
  const daemon = await TestDaemon.open({ config: PROVIDER + NEEDED });
  const path = await putThread(daemon.home, { stamp: '2025-02-03T10-00-00', id: idOf(1) });
  const before = readFileSync(path, 'utf8');
  const files = rolloutFiles(daemon.home);
  const requests: readonly (readonly [method: string, params: object])[] = [
    ['thread/start', {}],
    ['thread/resume', { threadId: idOf(1) }],
    ['thread/resume', { threadId: 'any', history: HISTORY }],
    ['thread/fork', { threadId: idOf(1) }],
    ['thread/fork', { threadId: idOf(1), ephemeral: true }],
    ['thread/fork', { threadId: 'any', path: join(daemon.home, files[0] ?? '') }],
  ];
  for (const [method, params] of requests) {
    const { error } = await daemon.call(method, params);
    expect(error, method).toEqual({
      code: -32600,
      message: expect.stringMatching(/^required MCP servers failed to initialize: .*`needed`/u),
      data: { reason: 'requiredServersFailed' },
    });
  }
  expect(rolloutFiles(daemon.home)).toEqual(files);
  expect(readFileSync(path, 'utf8')).toBe(before);
  expect(await daemon.request('thread/loaded/list', {})).toEqual({ data: [], nextCursor: null });
  expect(await daemon.request('thread/list', { modelProviders: [] })).toMatchObject({
    data: [{ id: idOf(1) }],
  });
  expect(daemon.notifications('thread/')).toEqual([]);
});

it('a thread that begins is not loaded before it has what it needs', async () => {
  const server = '[mcp_servers.needed]\ncommand = "sleep"\nargs = ["600"]\nrequired = true\n';
  const daemon = await TestDaemon.open({ config: `${PROVIDER}${server}startup_timeout_sec = 1\n` });
  const answer = daemon.call('thread/start', {});
  expect(await daemon.request('thread/loaded/list', {})).toEqual({ data: [], nextCursor: null });
  expect((await answer).error).toMatchObject({ data: { reason: 'requiredServersFailed' } });
  expect(await daemon.request('thread/loaded/list', {})).toEqual({ data: [], nextCursor: null });
});

it('a copy that cannot be written is refused, and nobody hears of it', async () => {
  const daemon = await TestDaemon.open({ config: PROVIDER });
  const elsewhere = join(daemon.home, 'elsewhere');
  const path = await putThread(elsewhere, { stamp: '2025-02-03T10-00-00', id: idOf(1) });
  // A file is where the folders of threads have to be.
  writeFileSync(join(daemon.home, 'sessions'), '');
  const { error } = await daemon.call('thread/fork', { threadId: 'any', path });
  expect(error).toMatchObject({ code: -32603 });
  expect(await daemon.request('thread/loaded/list', {})).toEqual({ data: [], nextCursor: null });
  expect(daemon.notifications('thread/')).toEqual([]);
});
