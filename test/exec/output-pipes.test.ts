import { execFileSync } from 'node:child_process';
import {
  closeSync,
  readdirSync,
  readFileSync,
  renameSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openOutputPipes, openPipe } from '../../src/exec/output-pipes.ts';
import { testFolder } from '../support/folder.ts';
import { sh, testGroups } from './support.ts';

describe.skipIf(process.platform === 'win32')('the pipes for the output of a command', () => {
  it('can be opened by their names in /dev', async () => {
    const result = await sh('echo out > /dev/stdout; echo err > /dev/stderr', { groups: testGroups() });
    expect([result.exitCode, result.stdout, result.stderr]).toEqual([0, 'out\n', 'err\n']);
  });

  it('have names in a folder for them only, and only for a moment', async () => {
    const folder = join(testFolder(), 'new', 'private');
    const pipes = await openOutputPipes(folder);
    expect(pipes?.writers).toHaveLength(2);
    expect([readdirSync(folder), statSync(folder).mode & 0o777]).toEqual([[], 0o700]);
    await pipes?.closeWriters();
    pipes?.stdout.destroy();
    pipes?.stderr.destroy();
  });

  it('are sockets where there is no such folder, or it cannot be made', async () => {
    const file = join(testFolder(), 'file');
    writeFileSync(file, '');
    expect([await openOutputPipes(null), await openOutputPipes(join(file, 'private'))]).toEqual([null, null]);
  });

  it('are not opened where something else was put in the place of a name', async () => {
    const folder = testFolder();
    const [pipe, file, link] = [join(folder, 'pipe'), join(folder, 'file'), join(folder, 'link')] as const;
    writeFileSync(file, 'untouched');
    execFileSync('mkfifo', [pipe]);
    const { reader, writer } = await openPipe(pipe);
    closeSync(reader);
    closeSync(writer);
    symlinkSync(pipe, link);
    await expect(openPipe(link)).rejects.toMatchObject({ code: 'ELOOP' });
    await expect(openPipe(file)).rejects.toThrow('it is not the pipe that was made');
    renameSync(file, pipe);
    await expect(openPipe(pipe)).rejects.toThrow('it is not the pipe that was made');
    expect(readFileSync(pipe, 'utf8')).toBe('untouched');
  });
});
