import { describe, expect, it } from 'vitest';
import { environmentText, surroundings } from '../../../src/core/turn/context/environment-text.ts';
import { permissionsText } from '../../../src/core/turn/context/permissions-text.ts';
import { contextMessages } from '../../../src/core/turn/context/turn-context.ts';
import type { TurnContext } from '../../../src/core/turn/context/turn-context.ts';
import type { PrefixRule } from '../../../src/core/rules/index.ts';
import type { SandboxPolicy } from '../../../src/protocol/index.ts';
import { SETTINGS } from './settings.ts';

const SURROUNDINGS = { cwd: '/base', shell: 'zsh', currentDate: '2030-01-02', timezone: 'Europe/Berlin' };
const CONTEXT: TurnContext = {
  settings: SETTINGS,
  surroundings: SURROUNDINGS,
  developerInstructions: null,
  allowing: [],
  skills: '',
  instructions: null,
  voice: { isLive: false, call: 0, startInstructions: null },
};

function changed(change: Partial<TurnContext>, from: TurnContext = CONTEXT): [string, string[]][] {
  return parts({ ...from, ...change }, from);
}

function parts(context: TurnContext, told: TurnContext | null): [string, string[]][] {
  const instructions = told?.instructions ?? null;
  return contextMessages(context, { told, model: null, instructions, skills: '', wasVoiceLive: false }).map(
    ({ content, role }) => [
      role,
      content.map((part) => (part.type === 'input_text' ? part.text : part.type)),
    ],
  );
}

const PERMISSIONS = permissionsText(SETTINGS.sandbox, SETTINGS.approvalPolicy);

describe('the messages about the context', () => {
  it('tell all of it at first', () => {
    expect(parts(CONTEXT, null)).toEqual([
      ['developer', [PERMISSIONS]],
      ['user', [environmentText(SURROUNDINGS)]],
    ]);
    const collaborationMode = {
      mode: 'default',
      settings: { model: 'm', reasoning_effort: null, developer_instructions: 'Pair.' },
    } as const;
    const settings = { ...SETTINGS, personality: 'friendly', collaborationMode } as const;
    expect(parts({ ...CONTEXT, settings, developerInstructions: 'Mind the roses.' }, null)[0]).toEqual([
      'developer',
      [
        PERMISSIONS,
        'Mind the roses.',
        '<collaboration_mode>Pair.</collaboration_mode>',
        expect.stringMatching(/^<personality_spec>\n.+\n<\/personality_spec>$/),
      ],
    ]);
  });

  it('leave out developer instructions and tones that say nothing', () => {
    for (const developerInstructions of ['', null]) {
      const settings = { ...SETTINGS, personality: 'none' } as const;
      expect(parts({ ...CONTEXT, settings, developerInstructions }, null)[0]).toEqual([
        'developer',
        [PERMISSIONS],
      ]);
    }
  });

  it('are none where nothing changed that the model is told', () => {
    expect(changed({})).toEqual([]);
    const sandbox = { ...SETTINGS.sandbox };
    const settings = { ...SETTINGS, sandbox, effort: 'high', summary: 'none', serviceTier: 'flex' } as const;
    expect(changed({ settings })).toEqual([]);
    expect(changed({ surroundings: { ...SURROUNDINGS, shell: 'fish' } })).toEqual([]);
  });

  it('repeat the working directory only where it changed', () => {
    const later = { ...SURROUNDINGS, currentDate: '2030-01-03' };
    expect(changed({ surroundings: later })).toEqual([['user', [environmentText({ ...later, cwd: null })]]]);
    expect(environmentText({ ...later, cwd: null })).not.toContain('cwd');
    const moved = { ...SURROUNDINGS, cwd: '/b' };
    expect(changed({ surroundings: moved })).toEqual([['user', [environmentText(moved)]]]);
  });

  it('tell several changes in one message, the model first, and its tone not', () => {
    const settings = {
      ...SETTINGS,
      model: 'b-model',
      approvalPolicy: 'never',
      personality: 'friendly',
    } as const;
    expect(changed({ settings })).toEqual([
      [
        'developer',
        [
          expect.stringMatching(/^<model_switch>\n.*b-model.*\n<\/model_switch>$/),
          permissionsText(settings.sandbox, 'never'),
        ],
      ],
    ]);
  });
});

describe('the permissions text', () => {
  const cases: readonly (readonly [SandboxPolicy, mode: string, network: string])[] = [
    [{ type: 'readOnly', networkAccess: false }, 'read-only', 'restricted'],
    [{ type: 'readOnly', networkAccess: true }, 'read-only', 'enabled'],
    [
      {
        type: 'workspaceWrite',
        writableRoots: ['/a', '/b'],
        networkAccess: false,
        excludeSlashTmp: false,
        excludeTmpdirEnvVar: false,
      },
      'workspace-write',
      'restricted',
    ],
    [{ type: 'dangerFullAccess' }, 'danger-full-access', 'enabled'],
    [{ type: 'externalSandbox', networkAccess: 'enabled' }, 'danger-full-access', 'enabled'],
    [{ type: 'externalSandbox', networkAccess: 'restricted' }, 'danger-full-access', 'restricted'],
  ];

  it.each(cases)('of %j names the mode and the network', (sandbox, mode, network) => {
    const said = permissionsText(sandbox, 'untrusted');
    expect(said).toContain(`\`${mode}\``);
    expect(said).toContain(`Network access is ${network}.`);
    expect(said).toContain('`untrusted`');
    if (sandbox.type === 'workspaceWrite') expect(said).toContain('`/a`, `/b`');
  });

  it('names a granular policy', () => {
    const granular = { sandbox_approval: true, rules: false, mcp_elicitations: true };
    const policy = {
      granular: { ...granular, skill_approval: false, request_permissions: false },
    };
    const said = permissionsText(SETTINGS.sandbox, policy);
    expect(said).toContain('`granular`');
    expect(said).toContain('ask for consent to run a command outside it');
    const alone = { granular: { ...policy.granular, sandbox_approval: false } };
    expect(permissionsText(SETTINGS.sandbox, alone)).toContain(
      'nobody can be asked to run a command outside',
    );
  });

  it('shows what rules allow, as far as there is room', () => {
    const allow = (...pattern: string[][]): PrefixRule => ({
      pattern,
      decision: 'allow',
      justification: null,
    });
    const rules = [
      allow(['gh'], ['pr'], ['view', 'list']),
      allow(['ls', 'la']),
      allow(['gh'], ['pr'], ['view', 'list']),
    ];
    const said = permissionsText(SETTINGS.sandbox, 'never', rules);
    expect(said).toBe(
      permissionsText(SETTINGS.sandbox, 'never').replace(
        '</permissions',
        'The user has allowed commands that begin with these words. They run outside the sandbox, without a question:\n' +
          '- ["gh", "pr", ["view", "list"]]\n- [["ls", "la"]]\n</permissions',
      ),
    );
    const many = Array.from({ length: 150 }, (_, index) => allow([`x${index}`]));
    expect(permissionsText(SETTINGS.sandbox, 'never', many)).toContain(
      '\n- ["x99"]\n(50 more are not shown)\n',
    );
    const long = [allow(['a']), allow(['b'.repeat(5_000)]), allow(['c'])];
    expect(permissionsText(SETTINGS.sandbox, 'never', long)).toContain('\n- ["a"]\n(2 more are not shown)\n');
  });

  it('is told with the rules of that time, and not again for a change of them alone', () => {
    const rule: PrefixRule = { pattern: [['ls']], decision: 'allow', justification: null };
    const allowing = [rule];
    expect(changed({ allowing })).toEqual([]);
    const settings = { ...SETTINGS, approvalPolicy: 'never' } as const;
    const said = permissionsText(SETTINGS.sandbox, 'never', allowing);
    expect(changed({ allowing, settings })).toEqual([['developer', [said]]]);
    expect(parts({ ...CONTEXT, allowing, settings }, null)[0]).toEqual(['developer', [said]]);
  });
});

describe('the surroundings', () => {
  it('are told in local time, with the name of the shell alone', () => {
    const now = new Date(2030, 0, 2, 23, 59);
    const timezone = Intl.DateTimeFormat().resolvedOptions().timeZone;
    const told = { cwd: '/base', currentDate: '2030-01-02', timezone };
    expect(surroundings('/base', now, '/usr/bin/zsh')).toEqual({ ...told, shell: 'zsh' });
  });
});
