import { describe, expect, it } from 'vitest';
import { looksDenied } from '../../src/exec/index.ts';

const result = { exitCode: 1, stdout: '', stderr: '', aggregated: '' };

describe('looksDenied', () => {
  it.each([
    'Operation not permitted',
    'bash: a: Permission denied',
    'Read-only file system',
    'seccomp',
    'sandbox',
    'Landlock',
    'failed to write file x',
  ])('takes %j for a denial', (text) => {
    for (const field of ['stdout', 'stderr', 'aggregated'] as const) {
      expect(looksDenied({ ...result, [field]: `x\n${text}\n` }, 'bubblewrap')).toBe(true);
    }
  });

  it('takes nothing else for one', () => {
    expect(looksDenied({ ...result, stderr: 'No such file or directory' }, 'bubblewrap')).toBe(false);
    expect(looksDenied({ ...result, stderr: 'Permission denied' }, 'none')).toBe(false);
    expect(looksDenied({ ...result, exitCode: 0, stderr: 'Permission denied' }, 'seatbelt')).toBe(false);
  });

  it.runIf(process.platform === 'linux')('knows the signal of a forbidden system call', () => {
    expect(looksDenied({ ...result, exitCode: 128 + 31 }, 'bubblewrap')).toBe(true);
  });
});
