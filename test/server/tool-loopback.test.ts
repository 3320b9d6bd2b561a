import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { TestDaemon } from '../support/daemon.ts';
import { testFolder } from '../support/folder.ts';
import { itemEnd } from './acting.ts';
import { endOf, startTurn } from './turns.ts';

it('the loopback upstream runs a command where it is told to, and says what came out', async () => {
  const cwd = testFolder();
  writeFileSync(join(cwd, 'a-file.txt'), '');
  const daemon = await TestDaemon.open({
    args: ['app-server', '--loopback'],
    env: { SHELL: '/bin/sh' },
  });
  const threadId = await daemon.startThread({ cwd, sandbox: 'danger-full-access', approvalPolicy: 'never' });
  const turnId = await startTurn({ daemon, threadId }, 'run ls');
  expect((await endOf(daemon, turnId))['status']).toBe('completed');
  const item = daemon
    .notifications('item/completed')
    .map(({ params }) => params?.['item'] as { id: string; type: string })
    .find(({ type }) => type === 'commandExecution');
  expect(await itemEnd(daemon, item?.id)).toMatchObject({
    command: '/bin/sh -lc ls',
    status: 'completed',
    aggregatedOutput: 'a-file.txt\n',
  });
  const answer = daemon
    .notifications('item/completed')
    .map(({ params }) => params?.['item'] as { type: string; text?: string })
    .find(({ type }) => type === 'agentMessage');
  expect(answer?.text).toMatch(/^The tool exec_command gave back: ".*a-file\.txt"$/);
});
