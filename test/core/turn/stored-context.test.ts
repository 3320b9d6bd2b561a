import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { decodeLine, encodeLine } from '../../../src/core/rollout/line.ts';
import type { StoredTurnContext } from '../../../src/core/rollout/index.ts';
import {
  contextOfStored,
  effortOfStored,
  storedContext,
} from '../../../src/core/turn/context/stored-context.ts';
import type { TurnContext } from '../../../src/core/turn/context/turn-context.ts';
import type { TurnSettings } from '../../../src/core/turn/turn-settings.ts';
import { AskForApproval, Personality, SandboxPolicy } from '../../../src/protocol/index.ts';
import { arbitraryOf } from '../../protocol/arbitrary.ts';
import { SETTINGS } from './settings.ts';

const SURROUNDINGS = { cwd: '/base', shell: 'zsh', currentDate: '2030-01-02', timezone: 'Europe/Berlin' };
const VOICE = { isLive: false, call: 0, startInstructions: null };
const CONTEXT: TurnContext = {
  settings: SETTINGS,
  surroundings: SURROUNDINGS,
  developerInstructions: null,
  allowing: [],
  skills: '',
  instructions: null,
  voice: VOICE,
};
/** A later turn, in which everything is otherwise. */
const NOW: TurnContext = {
  settings: {
    ...SETTINGS,
    cwd: '/other',
    model: 'other-model',
    approvalPolicy: 'untrusted',
    sandbox: { type: 'dangerFullAccess' },
    personality: 'pragmatic',
  },
  surroundings: { cwd: '/other', shell: 'zsh', currentDate: '2031-01-01', timezone: 'UTC' },
  developerInstructions: null,
  allowing: [],
  skills: '',
  instructions: null,
  voice: { isLive: true, call: 3, startInstructions: 'Speak.' },
};

function contextWith(settings: Partial<TurnSettings>): TurnContext {
  return { ...CONTEXT, settings: { ...SETTINGS, ...settings } };
}

/** The context as it is after it was written and read. */
function kept(context: TurnContext): StoredTurnContext {
  const line = decodeLine(encodeLine({ type: 'turn_context', payload: storedContext(context, 't1') }, 0));
  if (line?.type !== 'turn_context') throw new Error('the line is no context');
  return line.payload;
}

describe('a context that is kept', () => {
  it('is written as the reference writes it', () => {
    expect(storedContext(CONTEXT, 't1')).toEqual({
      turn_id: 't1',
      cwd: '/base',
      current_date: '2030-01-02',
      timezone: 'Europe/Berlin',
      approval_policy: 'on-request',
      sandbox_policy: { type: 'read-only' },
      model: 'a-model',
      collaboration_mode: {
        mode: 'default',
        settings: { model: 'a-model', reasoning_effort: null, developer_instructions: null },
      },
      realtime_active: false,
      summary: 'auto',
      truncation_policy: { mode: 'bytes', limit: 10_000 },
    });
    const collaborationMode = {
      mode: 'plan' as const,
      settings: { model: 'm', reasoning_effort: 'low' as const, developer_instructions: 'Pair.' },
    };
    const settings = { personality: 'friendly', effort: 'high', summary: 'none', collaborationMode } as const;
    expect(
      storedContext({ ...contextWith(settings), voice: { ...VOICE, isLive: true } }, 't1'),
    ).toMatchObject({
      personality: 'friendly',
      effort: 'high',
      summary: 'none',
      collaboration_mode: collaborationMode,
      realtime_active: true,
    });
  });

  const WORKSPACE: SandboxPolicy = {
    type: 'workspaceWrite',
    writableRoots: ['/one', '/two'],
    networkAccess: true,
    excludeTmpdirEnvVar: true,
    excludeSlashTmp: false,
  };
  test.each<[sandbox: SandboxPolicy, stored: object]>([
    [{ type: 'dangerFullAccess' }, { type: 'danger-full-access' }],
    [{ type: 'readOnly', networkAccess: false }, { type: 'read-only' }],
    [
      { type: 'readOnly', networkAccess: true },
      { type: 'read-only', network_access: true },
    ],
    [
      { type: 'externalSandbox', networkAccess: 'enabled' },
      { type: 'external-sandbox', network_access: 'enabled' },
    ],
    [
      { type: 'externalSandbox', networkAccess: 'restricted' },
      { type: 'external-sandbox', network_access: 'restricted' },
    ],
    [
      WORKSPACE,
      {
        type: 'workspace-write',
        writable_roots: ['/one', '/two'],
        network_access: true,
        exclude_tmpdir_env_var: true,
        exclude_slash_tmp: false,
      },
    ],
  ])('has the sandbox %j as %j, and back', (sandbox, stored) => {
    const context = contextWith({ sandbox });
    expect(storedContext(context, 't1').sandbox_policy).toEqual(stored);
    expect(contextOfStored(kept(context), NOW).settings.sandbox).toEqual(sandbox);
  });

  it('has the finer kind of approval as it is', () => {
    const approvalPolicy = {
      granular: {
        sandbox_approval: true,
        rules: false,
        skill_approval: true,
        request_permissions: false,
        mcp_elicitations: true,
      },
    };
    const context = contextWith({ approvalPolicy });
    expect(storedContext(context, 't1').approval_policy).toEqual(approvalPolicy);
    expect(contextOfStored(kept(context), NOW).settings.approvalPolicy).toEqual(approvalPolicy);
  });

  it('reads back as what the model was told, whatever it was', () => {
    const settings = fc.record({
      sandbox: arbitraryOf(SandboxPolicy) as fc.Arbitrary<SandboxPolicy>,
      approvalPolicy: arbitraryOf(AskForApproval) as fc.Arbitrary<AskForApproval>,
      personality: fc.option(arbitraryOf(Personality) as fc.Arbitrary<Personality>),
      cwd: fc.string(),
      model: fc.string(),
    });
    fc.assert(
      fc.property(settings, fc.boolean(), (changes, isLive) => {
        const whole = {
          ...changes,
          sandbox: SandboxPolicy.parse(changes.sandbox),
          approvalPolicy: AskForApproval.parse(changes.approvalPolicy),
        };
        const context = {
          ...contextWith(whole),
          surroundings: { ...SURROUNDINGS, cwd: whole.cwd },
          voice: { ...VOICE, isLive },
        };
        expect(contextOfStored(kept(context), NOW)).toEqual({
          ...context,
          voice: { isLive, call: 0, startInstructions: 'Speak.' },
        });
      }),
    );
  });
});

describe('a context that another program kept', () => {
  const FOREIGN: StoredTurnContext = {
    cwd: '/theirs',
    approval_policy: 'sometimes',
    sandbox_policy: { type: 'moon' },
    model: 'their-model',
  };

  it('counts as it is now where it cannot be read', () => {
    expect(contextOfStored(FOREIGN, NOW)).toEqual({
      ...NOW,
      settings: { ...NOW.settings, cwd: '/theirs', model: 'their-model', personality: null },
      surroundings: { ...NOW.surroundings, cwd: '/theirs' },
      voice: { ...NOW.voice, isLive: false, call: 0 },
    });
  });

  test.each<[unknown]>([[null], ['read-only'], [7], [{}], [{ type: 'toString' }]])(
    'has no sandbox that is %j',
    (sandbox) => {
      const { settings } = contextOfStored({ ...FOREIGN, sandbox_policy: sandbox }, NOW);
      expect(settings.sandbox).toEqual({ type: 'dangerFullAccess' });
    },
  );

  it('may leave out of a sandbox what goes without saying', () => {
    const { settings } = contextOfStored({ ...FOREIGN, sandbox_policy: { type: 'workspace-write' } }, NOW);
    expect(settings.sandbox).toEqual({
      type: 'workspaceWrite',
      writableRoots: [],
      networkAccess: false,
      excludeTmpdirEnvVar: false,
      excludeSlashTmp: false,
    });
  });

  test.each([
    ['high', 'high'],
    ['xhigh', 'xhigh'],
    ['enormous', null],
    [null, null],
    [undefined, null],
  ])('has the effort %j as %j', (effort, known) => {
    expect(effortOfStored(effort === undefined ? FOREIGN : { ...FOREIGN, effort })).toBe(known);
  });
});
