import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { execCommand } from '../../../src/core/tools/commands/exec-command.ts';
import { shell } from '../../../src/core/tools/commands/shell.ts';
import type { Tool } from '../../../src/core/tools/tool.ts';
import type { SandboxPolicy } from '../../../src/protocol/index.ts';
import { openBench } from './bench.ts';
import type { Bench } from './bench.ts';

const READ_ONLY: SandboxPolicy = { type: 'readOnly', networkAccess: false };
const WORKSPACE: SandboxPolicy = {
  type: 'workspaceWrite',
  writableRoots: [],
  networkAccess: false,
  excludeTmpdirEnvVar: false,
  excludeSlashTmp: false,
};

const TOOLS: readonly (readonly [string, Tool, object])[] = [
  ['exec_command', execCommand, { cmd: 'touch made' }],
  ['shell', shell, { command: ['touch', 'made'] }],
];

function run(tool: Tool, args: object, { context }: Bench): Promise<unknown> {
  return tool.run({ callId: 'c1', input: JSON.stringify(args) }, context);
}

function hasRun({ folder }: Bench): boolean {
  return existsSync(join(folder, 'made'));
}

describe.each(TOOLS)('%s where there is no sandbox', (_name, tool, args) => {
  it.each([READ_ONLY, WORKSPACE])('does not run where nobody can be asked, with %j', async (sandbox) => {
    const bench = openBench({ settings: { sandbox, approvalPolicy: 'never' } });
    expect(await run(tool, args, bench)).toMatch(/^There is no sandbox for it: .*freebsd/);
    expect(hasRun(bench)).toBe(false);
    expect(bench.asked).toEqual([]);
    expect(bench.told.at(-1)).toEqual([
      'itemCompleted',
      expect.objectContaining({ item: expect.objectContaining({ status: 'failed' }) }),
    ]);
  });

  it.each(['untrusted', 'on-request', 'on-failure'] as const)(
    'runs only with consent under %s',
    async (approvalPolicy) => {
      const settings = { sandbox: WORKSPACE, approvalPolicy };
      const refused = openBench({ settings, answers: { commandApproval: { decision: 'decline' } } });
      expect(await run(tool, args, refused)).toBe('exec command rejected by user');
      expect(hasRun(refused)).toBe(false);
      const alone = openBench({ settings });
      expect(await run(tool, args, alone)).toBe('exec command rejected by user');
      expect(hasRun(alone)).toBe(false);
      const accepted = openBench({ settings, answers: { commandApproval: { decision: 'accept' } } });
      expect(await run(tool, args, accepted)).toMatch(/exited with code 0|"exit_code":0/);
      expect(hasRun(accepted)).toBe(true);
      for (const { asked, reasons, warnings } of [refused, alone, accepted]) {
        expect(asked).toEqual(['commandApproval']);
        expect(reasons).toEqual(['There is no sandbox here: there is no sandbox for freebsd']);
        expect(warnings).toHaveLength(1);
      }
    },
  );

  it('asks also of what only looks', async () => {
    const bench = openBench();
    await run(tool, 'cmd' in args ? { cmd: 'ls' } : { command: ['ls'] }, bench);
    expect(bench.asked).toEqual(['commandApproval']);
  });

  it('cancels the turn where the user says so', async () => {
    const bench = openBench({ answers: { commandApproval: { decision: 'cancel' } } });
    await run(tool, args, bench);
    expect(bench.told.at(-1)).toEqual(['turnCancelled', null]);
    expect(hasRun(bench)).toBe(false);
  });

  it('runs unasked where there are no limits', async () => {
    const bench = openBench({ settings: { sandbox: { type: 'dangerFullAccess' } } });
    expect(await run(tool, args, bench)).toMatch(/exited with code 0|"exit_code":0/);
    expect(bench.warnings).toEqual([]);
  });

  it('tells the user once why', async () => {
    const bench = openBench({ settings: { approvalPolicy: 'never' } });
    await run(tool, args, bench);
    await run(tool, args, bench);
    expect(bench.warnings).toEqual([expect.stringContaining('there is no sandbox for freebsd')]);
  });
});
