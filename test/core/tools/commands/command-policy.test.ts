import { describe, expect, it } from 'vitest';
import {
  canAsk,
  mayRetryUnsandboxed,
  verdictOf,
} from '../../../../src/core/tools/commands/command-policy.ts';
import type { WantedCommand } from '../../../../src/core/tools/commands/command-policy.ts';
import type { Judgement } from '../../../../src/core/rules/index.ts';
import type { AskForApproval, SandboxPolicy } from '../../../../src/protocol/index.ts';

const READ_ONLY: SandboxPolicy = { type: 'readOnly', networkAccess: false };
const FREE: SandboxPolicy = { type: 'dangerFullAccess' };
const SANDBOXED: readonly SandboxPolicy[] = [READ_ONLY, FREE];
const GRANULAR = granular({});

function granular(kinds: { sandbox_approval?: boolean; rules?: boolean }): AskForApproval {
  const others = { skill_approval: true, request_permissions: true, mcp_elicitations: true };
  return { granular: { sandbox_approval: true, rules: true, ...others, ...kinds } };
}

const NO_RULE: Judgement = { kind: 'none' };
const SAFE = ['ls'];
const PLAIN = ['make'];
const DANGEROUS = ['rm', '-rf', 'x'];

function kind(
  argv: readonly string[],
  policy: AskForApproval,
  sandbox: SandboxPolicy = READ_ONLY,
  wantsEscalation = false,
): string {
  const verdict = verdictOf({ argv, wantsEscalation, justification: null }, policy, sandbox, NO_RULE);
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

  it('on what destroys is about the sandbox too where the model wants to leave it', () => {
    expect(kind(DANGEROUS, 'on-request', READ_ONLY, true)).toBe('ask to leave the sandbox');
    expect(kind(DANGEROUS, 'on-request', FREE, true)).toBe('ask');
  });

  it('shows the model’s reason', () => {
    const wanted = { argv: PLAIN, wantsEscalation: true, justification: 'May I?' };
    expect(verdictOf(wanted, 'on-request', READ_ONLY, NO_RULE)).toEqual({
      kind: 'ask',
      unsandboxed: true,
      reason: 'May I?',
    });
  });
});

describe('where granular lets nobody be asked about the sandbox', () => {
  const policy = granular({ sandbox_approval: false });

  it('what would be asked about is refused', () => {
    expect([SAFE, PLAIN, DANGEROUS].map((argv) => kind(argv, policy))).toEqual(['run', 'run', 'refuse']);
    expect(kind(DANGEROUS, policy, FREE)).toBe('refuse');
    expect([SAFE, PLAIN].map((argv) => kind(argv, policy, READ_ONLY, true))).toEqual(['refuse', 'refuse']);
    expect(verdictOf({ ...WANTED, wantsEscalation: true }, policy, READ_ONLY, NO_RULE)).toEqual({
      kind: 'refuse',
      message:
        'The command was refused: the approval policy is `granular` with `sandbox_approval` set to false, so nobody can be asked. Call it again without `sandbox_permissions`.',
    });
  });

  it('a rule may still ask', () => {
    expect(verdictOf(WANTED, policy, READ_ONLY, byRule('prompt')).kind).toBe('ask');
  });
});

const WANTED: WantedCommand = { argv: PLAIN, wantsEscalation: false, justification: null };

function byRule(kind: 'prompt' | 'forbidden', justification: string | null = null): Judgement {
  const rule = { pattern: [['make']], decision: kind, justification };
  return { kind, rule, words: ['make', 'it so'], others: [] };
}

describe('the verdict by rules', () => {
  const policies: readonly AskForApproval[] = ['untrusted', 'on-failure', 'on-request', 'never', GRANULAR];

  it.each(policies)('lets what every rule allows run outside the sandbox under %j', (policy) => {
    for (const wantsEscalation of [true, false]) {
      expect(verdictOf({ ...WANTED, wantsEscalation }, policy, READ_ONLY, { kind: 'allowed' })).toEqual({
        kind: 'run',
        unsandboxed: true,
      });
    }
  });

  it.each(policies)('refuses what a rule forbids under %j, with its reason', (policy) => {
    for (const sandbox of SANDBOXED) {
      expect(verdictOf(WANTED, policy, sandbox, byRule('forbidden', 'Use the script.'))).toEqual({
        kind: 'refuse',
        message: "The command was refused: a rule of the user forbids `make 'it so'`. Use the script.",
      });
    }
  });

  it('asks what a rule asks about, where anybody can be asked', () => {
    const verdicts = policies.map((policy) => verdictOf(WANTED, policy, READ_ONLY, byRule('prompt')).kind);
    expect(verdicts).toEqual(['ask', 'ask', 'ask', 'refuse', 'ask']);
    expect(verdictOf(WANTED, 'never', FREE, byRule('prompt', 'It is dear.'))).toEqual({
      kind: 'refuse',
      message:
        "The command was refused: a rule of the user requires consent to `make 'it so'`, and the approval policy is `never`, so nobody can be asked. It is dear.",
    });
    expect(verdictOf(WANTED, granular({ rules: false }), FREE, byRule('prompt'))).toEqual({
      kind: 'refuse',
      message:
        "The command was refused: a rule of the user requires consent to `make 'it so'`, and the approval policy is `granular` with `rules` set to false, so nobody can be asked.",
    });
  });

  it('asks with the reason of the rule, else of the model, else with its own', () => {
    const reasons = [byRule('prompt', 'Why'), byRule('prompt')].flatMap((judgement) =>
      [null, 'May I?'].map((justification) => {
        const verdict = verdictOf({ ...WANTED, justification }, 'on-request', READ_ONLY, judgement);
        return verdict.kind === 'ask' ? verdict.reason : verdict.kind;
      }),
    );
    expect(reasons).toEqual(['Why', 'Why', "A rule asks for consent to `make 'it so'`.", 'May I?']);
  });

  it('asks about leaving the sandbox where the model wants that too', () => {
    const wanted = { ...WANTED, wantsEscalation: true };
    const ask = verdictOf(wanted, 'on-request', READ_ONLY, byRule('prompt'));
    expect(ask).toMatchObject({ kind: 'ask', unsandboxed: true });
    expect(verdictOf(wanted, 'untrusted', READ_ONLY, byRule('prompt')).kind).toBe('refuse');
  });

  it.each<[string, string[][], string, string]>([
    ['what only looks', [['ls']], 'run', 'run'],
    ['a plain command', [['ls'], ['make']], 'ask', 'run'],
    ['what destroys', [['rm', '-rf', 'x'], ['ls']], 'ask', 'refuse'],
  ])('leaves to the policy what no rule fits: %s', (_name, others, untrusted, never) => {
    const judgement: Judgement = {
      kind: 'partlyAllowed',
      others: others.map((words) => ({ words, hasPattern: false, canBeAllowed: true })),
    };
    const kinds = (['untrusted', 'never'] as const).map((policy) => {
      const verdict = verdictOf(WANTED, policy, READ_ONLY, judgement);
      return verdict.kind === 'run' && verdict.unsandboxed ? 'run without limits' : verdict.kind;
    });
    expect(kinds).toEqual([untrusted, never]);
  });

  it('refuses beside what a rule asks about what the policy refuses', () => {
    const others = [{ words: ['rm', '-rf', 'x'], hasPattern: false, canBeAllowed: true }];
    const judgement = { ...byRule('prompt'), others } as Judgement;
    expect(verdictOf(WANTED, granular({ sandbox_approval: false }), READ_ONLY, judgement).kind).toBe(
      'refuse',
    );
    expect(verdictOf(WANTED, 'on-request', READ_ONLY, judgement).kind).toBe('ask');
  });
});

it('what the sandbox stopped may be tried again without it under some policies', () => {
  const policies = [
    ...(['untrusted', 'on-failure', 'on-request', 'never'] as const),
    GRANULAR,
    granular({ sandbox_approval: false }),
  ];
  expect(policies.map(mayRetryUnsandboxed)).toEqual([true, true, false, false, true, false]);
  expect(policies.map(canAsk)).toEqual([true, true, true, false, true, false]);
});
