import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { NotifyPrograms } from '../../../src/core/thread/notify-programs.ts';
import { testFolder } from '../../support/folder.ts';

const NOTICE = {
  threadId: 'thread',
  turnId: 'turn',
  cwd: '/repo',
  client: null,
  inputMessages: [],
  lastAssistantMessage: null,
};

const ENDED = 'a program that `notify` names took too long and was ended';
const DROPPED = 'a notice was dropped: too many programs that `notify` names still run';

function openPrograms(longestMs: number): { programs: NotifyPrograms; logged: [object, string][] } {
  const logged: [object, string][] = [];
  const log = (fields: object, message: string): void => void logged.push([fields, message]);
  const logger = { debug: log, info: log, warn: log, error: log };
  return { programs: new NotifyPrograms({ logger, longestMs }), logged };
}

function program(script: string, variables: Record<string, string> = {}) {
  return { argv: ['/bin/sh', '-c', script, 'sh'], variables };
}

it('gives a program the variables that it is handed, and no other', async () => {
  const file = join(testFolder(), 'variables');
  const { logged, programs } = openPrograms(60_000);
  const script = `/usr/bin/env > ${file}.part; /bin/mv ${file}.part ${file}`;
  programs.start(program(script, { ROSES: 'red' }), NOTICE);
  await expect.poll(() => existsSync(file), { timeout: 10_000 }).toBe(true);
  const shells = /^(?:PWD|OLDPWD|SHLVL|_)=/;
  const lines = readFileSync(file, 'utf8').trimEnd().split('\n');
  expect(lines.filter((line) => !shells.test(line))).toEqual(['ROSES=red']);
  expect(logged).toEqual([]);
});

it('starts none beyond eight at a time, ends those that take too long, and goes on then', async () => {
  const folder = testFolder();
  const { logged, programs } = openPrograms(50);
  for (let count = 0; count < 9; count += 1) programs.start(program('/bin/sleep 600 & wait'), NOTICE);
  expect(logged).toEqual([[{ threadId: 'thread', turnId: 'turn', running: 8 }, DROPPED]]);
  const file = join(folder, 'later');
  const again = (): boolean => {
    programs.start(program(`: > ${file}`), NOTICE);
    return existsSync(file);
  };
  await expect.poll(again, { timeout: 10_000 }).toBe(true);
  expect(logged.filter(([, message]) => message === ENDED).length).toBeGreaterThan(0);
});

it('does not count a program that could not be started', async () => {
  const { logged, programs } = openPrograms(60_000);
  for (let count = 0; count < 20; count += 1) {
    programs.start({ argv: ['/no/such/program'], variables: {} }, NOTICE);
    await expect.poll(() => logged.length, { timeout: 10_000 }).toBe(count + 1);
  }
  const message = 'the program that `notify` names could not be started';
  expect(logged).toEqual(Array.from({ length: 20 }, () => [{ code: 'ENOENT' }, message]));
});
