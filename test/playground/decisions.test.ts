import { describe, expect, it } from 'vitest';
import { commandChoices } from '../../src/playground/questions/decisions.ts';

const rule = (...words: string[]): { acceptWithExecpolicyAmendment: { execpolicy_amendment: string[] } } => ({
  acceptWithExecpolicyAmendment: { execpolicy_amendment: words },
});

describe('the decisions on a command', () => {
  it('are always those that hold, whatever is offered', () => {
    const always = [
      { decision: 'accept', text: 'Accept' },
      { decision: 'acceptForSession', text: 'Accept for this session' },
      { decision: 'decline', text: 'Decline' },
      { decision: 'cancel', text: 'Cancel the turn' },
    ];
    expect(commandChoices(undefined)).toEqual(always);
    expect(commandChoices(null)).toEqual(always);
    expect(commandChoices(['accept', 'cancel'])).toEqual(always);
  });

  it('have the rules that are offered among them, in words', () => {
    const network = {
      applyNetworkPolicyAmendment: {
        network_policy_amendment: { host: 'example.com', action: 'allow' as const },
      },
    };
    const offered = ['accept' as const, rule('npm', 'run', "it's a", ''), network, 'cancel' as const];
    expect(commandChoices(offered).slice(2, 4)).toEqual([
      {
        decision: rule('npm', 'run', "it's a", ''),
        text: String.raw`Always allow commands that begin with npm run 'it'\''s a' ''`,
      },
      { decision: network, text: 'Always allow connections to example.com' },
    ]);
  });
});
