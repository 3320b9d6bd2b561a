import type { TurnSettings } from '../../../src/core/turn/turn-settings.ts';

export const SETTINGS: TurnSettings = {
  cwd: '/base',
  approvalPolicy: 'on-request',
  approvalsReviewer: 'user',
  sandbox: { type: 'readOnly', networkAccess: false },
  activePermissionProfile: null,
  hasEnvironment: true,
  model: 'a-model',
  serviceTier: null,
  effort: null,
  summary: null,
  personality: null,
  collaborationMode: null,
};
