import { existsSync, realpathSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { testFolder } from '../support/folder.ts';
import type { UpstreamRequest } from '../support/responses-upstream.ts';
import { call, exec, openActing, outputOf, wholeCalls } from './acting.ts';
import { openThread, refused, wholeTurn } from './turns.ts';

const MISSING = [{ environmentId: 'missing', cwd: '/tmp' }];

const ON_MACHINE = ['exec_command', 'write_stdin', 'apply_patch', 'view_image'];

function refusal(message: string): object {
  return { error: refused('invalidInput', message), id: expect.any(Number) };
}

/** Which of the tools that need a machine a request offers. */
function offered(request: UpstreamRequest | undefined): string[] {
  const tools = request?.body['tools'] as { name?: string }[];
  return ON_MACHINE.filter((name) => tools.some((tool) => tool.name === name));
}

describe('environments', () => {
  it('that are not there are refused, and nothing is started', async () => {
    const { daemon, threadId } = await openThread();
    const before = daemon.messages.length;
    const input = [{ type: 'text', text: 'hello' }];
    const local = { environmentId: 'local', cwd: '/tmp' };
    for (const [environments, message] of [
      [MISSING, 'unknown turn environment id `missing`'],
      [[local, local], 'the turn environment id `local` is there more than once'],
      [
        [{ environmentId: 'local', cwd: 'tmp' }],
        'the cwd of the turn environment `local` is not an absolute path: tmp',
      ],
      [[{ environmentId: 'local', cwd: '/tmp/\0' }], '`environments[0].cwd` has a NUL character'],
    ] as const) {
      expect(await daemon.call('thread/start', { environments })).toEqual(refusal(message));
      expect(await daemon.call('turn/start', { threadId, input, environments })).toEqual(refusal(message));
    }
    expect(daemon.messages).toHaveLength(before + 8);
  });

  it('of a thread hold for its turns, and those of a turn for that one only', async () => {
    const opened = await openThread({ thread: { environments: [] } });
    const { upstream } = opened;
    const local = [{ environmentId: 'local', cwd: testFolder() }];
    await wholeTurn(opened, 'first');
    await wholeTurn(opened, 'second', { environments: local });
    await wholeTurn(opened, 'third');
    expect(upstream.requests.map(offered)).toEqual([[], ON_MACHINE, []]);
  });

  it('that are none for one turn are there again in the next', async () => {
    const opened = await openThread();
    await wholeTurn(opened, 'first', { environments: [] });
    await wholeTurn(opened, 'second');
    expect(opened.upstream.requests.map(offered)).toEqual([[], ON_MACHINE]);
  });

  it('that are none leave nothing that touches the machine, called or not', async () => {
    const acting = await openActing({ thread: { environments: [] } });
    const { request } = await wholeCalls(acting, [
      exec('touch one'),
      call('shell', { command: ['touch', 'two'] }, 'c2'),
    ]);
    expect([outputOf(request), outputOf(request, 'c2')]).toEqual([
      'unsupported call: exec_command',
      'unsupported call: shell',
    ]);
    expect(existsSync(join(acting.folder, 'one'))).toBe(false);
  });

  it('say where the turn works', async () => {
    const place = testFolder();
    const acting = await openActing();
    const local = [{ environmentId: 'local', cwd: place }];
    await wholeCalls(acting, [exec('touch here', {}, 'c1')], { environments: local });
    await wholeCalls(acting, [exec('touch there', {}, 'c2')]);
    expect([join(place, 'here'), join(acting.folder, 'there')].map((path) => existsSync(path))).toEqual([
      true,
      true,
    ]);
    const started = await acting.daemon.request('thread/start', { cwd: '/', environments: local });
    expect(started['cwd']).toBe(realpathSync(place));
  });
});
