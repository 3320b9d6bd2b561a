import { describe, expect, it } from 'vitest';
import type { TurnStartParams } from '../../../src/protocol/index.ts';
import { withOverrides } from '../../../src/core/turn/turn-settings.ts';
import { SETTINGS } from './settings.ts';

const NOTHING: TurnStartParams = { threadId: 't', input: [] };

describe('the settings of a turn', () => {
  it('stay where its parameters are absent or null', () => {
    expect(withOverrides(SETTINGS, NOTHING)).toEqual(SETTINGS);
    const nulls: TurnStartParams = {
      ...NOTHING,
      cwd: null,
      approvalPolicy: null,
      approvalsReviewer: null,
      sandboxPolicy: null,
      model: null,
      effort: null,
      summary: null,
      personality: null,
      collaborationMode: null,
    };
    const settings = { ...SETTINGS, effort: 'high', summary: 'concise', serviceTier: 'flex' } as const;
    expect(withOverrides(settings, nulls)).toEqual(settings);
  });

  it('take over every parameter', () => {
    const changes = {
      approvalPolicy: 'never',
      approvalsReviewer: 'user',
      model: 'b-model',
      serviceTier: 'flex',
      effort: 'low',
      summary: 'none',
      personality: 'friendly',
    } as const;
    const sandbox = { type: 'dangerFullAccess' } as const;
    expect(withOverrides(SETTINGS, { ...NOTHING, ...changes, cwd: '/b', sandboxPolicy: sandbox })).toEqual({
      ...SETTINGS,
      ...changes,
      cwd: '/b',
      sandbox,
    });
  });

  it('resolve a relative working directory against the one before', () => {
    for (const [cwd, expected] of [
      ['sub', '/base/sub'],
      ['..', '/'],
      ['.', '/base'],
      ['/other/../x', '/x'],
    ] as const) {
      expect(withOverrides(SETTINGS, { ...NOTHING, cwd }).cwd).toBe(expected);
    }
  });

  it('drop the service tier where it is null, and keep it where it is absent', () => {
    const settings = { ...SETTINGS, serviceTier: 'flex' };
    expect(withOverrides(settings, { ...NOTHING, serviceTier: null }).serviceTier).toBeNull();
    expect(withOverrides(settings, NOTHING).serviceTier).toBe('flex');
  });

  it('take model and effort of a collaboration mode before those beside it', () => {
    const collaborationMode = {
      mode: 'plan',
      settings: { model: 'planner', reasoning_effort: null, developer_instructions: null },
    } as const;
    const params: TurnStartParams = { ...NOTHING, model: 'b-model', effort: 'low', collaborationMode };
    expect(withOverrides({ ...SETTINGS, effort: 'high' }, params)).toEqual({
      ...SETTINGS,
      model: 'planner',
      effort: null,
      collaborationMode,
    });
    const after = withOverrides(withOverrides(SETTINGS, params), { ...NOTHING, model: 'c-model' });
    expect(after).toMatchObject({ model: 'c-model', collaborationMode });
  });
});
