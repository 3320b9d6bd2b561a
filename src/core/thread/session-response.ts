import type { Thread as ThreadView, ThreadStartResponse } from '../../protocol/index.ts';
import { permissionProfile } from '../permissions/index.ts';
import type { Thread } from './thread.ts';

/** What `thread/start`, `thread/resume` and `thread/fork` answer. */
export function sessionResponse(thread: Thread, view: ThreadView): ThreadStartResponse {
  const { settings } = thread.agent;
  return {
    thread: view,
    model: settings.model,
    modelProvider: thread.providerId,
    serviceTier: settings.serviceTier,
    cwd: settings.cwd,
    instructionSources: [...thread.equipment.instructions.at(settings.cwd).sources],
    approvalPolicy: settings.approvalPolicy,
    approvalsReviewer: settings.approvalsReviewer,
    sandbox: settings.sandbox,
    permissionProfile: permissionProfile(settings.sandbox),
    activePermissionProfile: settings.activePermissionProfile,
    reasoningEffort: settings.effort,
  };
}
