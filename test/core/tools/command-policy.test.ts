import { describe, expect, it } from 'vitest';
import { canAsk, mayRetryUnsandboxed, verdictOf } from '../../../src/core/tools/command-policy.ts';
import type { AskForApproval, SandboxPolicy } from '../../../src/protocol/index.ts';

const READ_ONLY: SandboxPolicy = { type: 'readOnly', networkAccess: false };
const FREE: SandboxPolicy = { type: 'dangerFullAccess' };
const SANDBOXED: readonly SandboxPolicy[] = [READ_ONLY, FREE];
const GRANULAR: AskForApproval = {
  granular: {
    sandbox_approval: true,
    rules: true,
    skill_approval: true,
    request_permissions: true,
    mcp_elicitations: true,
  },
};

const SAFE = ['ls'];
const PLAIN = ['make'];
const DANGEROUS = ['rm', '-rf', 'x'];

function kind(
  argv: readonly string[],
  policy: AskForApproval,
  sandbox: SandboxPolicy = READ_ONLY,
  wantsEscalation = false,
): string {
  const verdict = verdictOf({ argv, wantsEscalation, justification: null }, policy, sandbox);
  return verdict.kind === 'ask' && verdict.unsandboxed ? 'ask to leave the sandbox' : verdict.kind;
}

describe('the verdict on a command', () => {
  it.each([
    ['untrusted', 'run', 'ask', 'ask'],
    ['on-failure', 'run', 'run', 'ask'],
    ['on-request', 'run', 'run', 'ask'],
    ['never', 'run', 'run', 'refuse'],
  ] as const)('under %s: safe %s, plain %s, dangerous %s', (policy, safe, plain, dangerous) => {
    expect([SAFE, PLAIN, DANGEROUS].map((argv) => kind(argv, policy))).toEqual([safe, plain, dangerous]);
  });

  it('lets what is dangerous run under never only where there are no limits', () => {
    expect(kind(DANGEROUS, 'never', FREE)).toBe('run');
    expect(kind(DANGEROUS, 'never', { type: 'externalSandbox', networkAccess: 'restricted' })).toBe('run');
  });

  it('refuses to leave the sandbox but under on-request', () => {
    for (const sandbox of SANDBOXED) {
      for (const policy of ['untrusted', 'on-failure', 'never'] as const) {
        for (const argv of [SAFE, PLAIN, DANGEROUS]) expect(kind(argv, policy, sandbox, true)).toBe('refuse');
      }
    }
    expect(kind(PLAIN, 'on-request', READ_ONLY, true)).toBe('ask to leave the sandbox');
    expect(kind(PLAIN, GRANULAR, READ_ONLY, true)).toBe('ask to leave the sandbox');
    expect(kind(PLAIN, 'on-request', FREE, true)).toBe('run');
    expect(kind(SAFE, 'on-request', READ_ONLY, true)).toBe('run');
  });

  it('shows the model’s reason', () => {
    const wanted = { argv: PLAIN, wantsEscalation: true, justification: 'May I?' };
    expect(verdictOf(wanted, 'on-request', READ_ONLY)).toEqual({
      kind: 'ask',
      unsandboxed: true,
      reason: 'May I?',
    });
  });
});

it('what the sandbox stopped may be tried again without it under some policies', () => {
  const policies = ['untrusted', 'on-failure', 'on-request', 'never', GRANULAR] as const;
  expect(policies.map(mayRetryUnsandboxed)).toEqual([true, true, false, false, true]);
  expect(policies.map(canAsk)).toEqual([true, true, true, false, true]);
});
