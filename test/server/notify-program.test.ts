import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { testFolder } from '../support/folder.ts';
import { endOf, openThread, startTurn, wholeTurn } from './turns.ts';

/** A program that writes its last argument, or a variable, to a file, in one step. */
function writer(folder: string, text = '$1'): string {
  const file = join(folder, 'notice.json');
  return JSON.stringify(['sh', '-c', `printf %s "${text}" > ${file}.part; mv ${file}.part ${file}`, 'sh']);
}

it('tells the program that the configuration names of a turn that was completed', async () => {
  const folder = testFolder();
  const thread = await openThread({ top: `notify = ${writer(folder)}` });
  const { turnId } = await wholeTurn(thread, 'one');
  const file = join(folder, 'notice.json');
  await expect.poll(() => existsSync(file), { timeout: 10_000 }).toBe(true);
  expect(JSON.parse(readFileSync(file, 'utf8'))).toEqual({
    type: 'agent-turn-complete',
    'thread-id': thread.threadId,
    'turn-id': turnId,
    cwd: process.cwd(),
    client: 'test',
    'input-messages': ['one'],
    'last-assistant-message': 'answer 0',
  });
});

it('gives the program the variables that commands have', async () => {
  const folder = testFolder();
  const variables = 'shell_environment_policy.set = { ROSES = "red" }';
  const thread = await openThread({ top: `${variables}\nnotify = ${writer(folder, '$ROSES')}` });
  await wholeTurn(thread, 'one');
  const file = join(folder, 'notice.json');
  await expect.poll(() => existsSync(file), { timeout: 10_000 }).toBe(true);
  expect(readFileSync(file, 'utf8')).toBe('red');
});

it('goes on where the program is not there, and says so in the log', async () => {
  const thread = await openThread({ top: 'notify = ["/no/such/program"]' });
  await wholeTurn(thread, 'one');
  const turnId = await startTurn(thread, 'two');
  (await thread.upstream.request(1)).answer('m2', ['ok']);
  expect(await endOf(thread.daemon, turnId)).toMatchObject({ status: 'completed' });
  await expect.poll(() => thread.daemon.stderr).toContain('could not be started');
});
