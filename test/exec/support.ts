import { execFileSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished } from 'vitest';
import { ProcessGroups, runCommand } from '../../src/exec/index.ts';
import type { CommandOptions, CommandOutcome, CommandResult } from '../../src/exec/index.ts';
import { testFolder } from '../support/folder.ts';

/** What a command of these tests needs of the environment. */
export const ENV = { PATH: process.env['PATH'] ?? '/usr/bin:/bin' };

/** Groups of one test. At its end all of them are ended, and no process may be left that carries their mark. */
export function testGroups(): ProcessGroups & { readonly runId: string } {
  const runId = randomUUID();
  const groups = new ProcessGroups({ runId, privateFolder: join(testFolder(), 'private') });
  onTestFinished(async () => {
    await groups.endAll();
    expect(processesWith(runId)).toEqual([]);
  });
  return Object.assign(groups, { runId });
}

/** The processes, as `ps` lists them with their variables, in which a text is found. */
export function processesWith(text: string): string[] {
  return (
    execFileSync('ps', ['axeww', '-o', 'pid=,stat=,args='], {
      encoding: 'utf8',
      maxBuffer: 64 * 1024 * 1024,
    })
      .split('\n')
      // Besides the search for them.
      .filter((line) => line.includes(`PARLEY_COMMAND=${text}`) && !line.includes('grep'))
  );
}

/** The processes, without their variables, in whose arguments all of these texts are found. */
export function processesNamed(...texts: string[]): string[] {
  return execFileSync('ps', ['axww', '-o', 'pid=,args='], { encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 })
    .split('\n')
    .filter((line) => texts.every((text) => line.includes(text)));
}

/** A directory in a directory, made for the test. */
export function made(...path: [string, ...string[]]): string {
  const folder = join(...path);
  mkdirSync(folder, { recursive: true });
  return folder;
}

/** The result of a script in a shell, which has to start. */
export async function sh(
  script: string,
  options: Partial<CommandOptions> & Pick<CommandOptions, 'groups'>,
): Promise<CommandResult> {
  return ended(await runCommand({ argv: ['sh', '-c', script], cwd: '/', env: ENV, ...options }));
}

export function ended(outcome: CommandOutcome): CommandResult {
  if (outcome.kind !== 'ended') throw new Error(`the command was not started: ${outcome.message}`);
  return outcome;
}
