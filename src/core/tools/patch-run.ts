import { relative } from 'node:path';
import type { FileUpdateChange, ThreadItem } from '../../protocol/index.ts';
import { namedRoots } from '../../exec/index.ts';
import { applyChanges, parsePatch, patchSummary, planPatch, resolveReal } from '../../patch/index.ts';
import type { PlannedChange } from '../../patch/index.ts';
import { isInside } from '../../util/inside.ts';
import type { Consent } from './approvals.ts';
import { canAsk } from './command-policy.ts';
import type { ToolContext, ToolOutput } from './tool.ts';

export interface PatchRequest {
  readonly itemId: string;
  /** Absolute; relative paths of the patch go from here. */
  readonly cwd: string;
  readonly patch: string;
}

const REJECTED = 'patch rejected by user';

/**
 * Applies a patch as the thread's policies allow it, and tells clients of it as an item: inside the writable folders by
 * itself, outside them with a person's consent. Rejects when the turn is interrupted.
 */
export async function applyPatchItem(request: PatchRequest, context: ToolContext): Promise<ToolOutput> {
  const parsed = parsePatch(request.patch);
  if (!parsed.ok) return `apply_patch verification failed: ${parsed.message}`;
  if (parsed.hunks.length === 0) return 'patch rejected: it changes no file';
  const plan = await planPatch(parsed.hunks, { cwd: request.cwd });
  if (!plan.ok) return `apply_patch verification failed: ${plan.message}`;
  const { approvalPolicy } = context.settings;
  const isAllowed = await isInWritableRoots(plan.changes, context);
  if (!isAllowed && approvalPolicy === 'never')
    return 'patch rejected: it writes outside the writable folders';
  const item = new PatchItem(request.itemId, plan.changes, context);
  item.started();
  if ((approvalPolicy === 'untrusted' || !isAllowed) && canAsk(approvalPolicy)) {
    const consent = await askForPatch(request, plan.changes, context, isAllowed);
    if (consent !== 'accepted') {
      item.ended('declined');
      if (consent === 'cancelled') context.cancelTurn();
      return REJECTED;
    }
  }
  context.signal.throwIfAborted();
  const applied = await applyChanges(plan.changes);
  const made = applied.ok ? plan.changes : applied.applied;
  item.ended(applied.ok ? 'completed' : 'failed');
  context.reporter.changed(made);
  if (applied.ok) return patchOutput(0, patchSummary(plan.changes));
  const names = made.map(({ patchPath }) => patchPath).join(', ');
  const done = made.length === 0 ? '' : `\nThese files had been changed before that: ${names}`;
  return patchOutput(1, `${applied.message}${done}`);
}

function patchOutput(exitCode: number, text: string): string {
  return JSON.stringify({ output: text, metadata: { exit_code: exitCode, duration_seconds: 0 } });
}

async function askForPatch(
  request: PatchRequest,
  changes: readonly PlannedChange[],
  context: ToolContext,
  isAllowed: boolean,
): Promise<Consent> {
  const { approvals } = context.workbench;
  const keys = changes.map(({ realMovePath, realPath }) => JSON.stringify(['file', realPath, realMovePath]));
  if (keys.every((key) => approvals.isAcceptedForSession(key))) return 'accepted';
  return approvals.fileChange(
    keys,
    {
      threadId: context.threadId,
      turnId: context.turnId,
      itemId: request.itemId,
      startedAtMs: Date.now(),
      reason: isAllowed ? null : 'It writes outside the writable folders.',
      grantRoot: null,
    },
    context.signal,
  );
}

/** Whether every file that is really touched lies where the sandbox lets commands write. */
async function isInWritableRoots(
  changes: readonly PlannedChange[],
  { settings, workbench }: ToolContext,
): Promise<boolean> {
  const { sandbox } = settings;
  if (sandbox.type === 'dangerFullAccess' || sandbox.type === 'externalSandbox') return true;
  const named = namedRoots(sandbox, { cwd: settings.cwd, env: workbench.commandVariables });
  const roots = (await Promise.all(named.map((root) => resolveReal(root)))).flatMap((root) =>
    root.ok ? [root.path] : [],
  );
  const touched = changes.flatMap(({ realMovePath, realPath }) =>
    realMovePath === null ? [realPath] : [realPath, realMovePath],
  );
  const home = await resolveReal(workbench.codexHome);
  const settingsFolder = home.ok ? home.path : workbench.codexHome;
  return touched.every((path) => roots.some((root) => isWritable(path, root, settingsFolder)));
}

/** Folders in which a change could give the agent more rights the next time, wherever they lie in a root. */
const PROTECTED = /(?:^|[\\/])\.(?:git|agents|codex)(?:[\\/]|$)/;

/** The folder of settings is writable only where a root lies deeper in it. */
function isWritable(path: string, root: string, settingsFolder: string): boolean {
  if (!isInside(root, path) || PROTECTED.test(relative(root, path))) return false;
  return !isInside(settingsFolder, path) || (root !== settingsFolder && isInside(settingsFolder, root));
}

type FileChangeView = Extract<ThreadItem, { type: 'fileChange' }>;

/** The item by which clients follow one change of files. */
class PatchItem {
  readonly #context: ToolContext;
  readonly #view: FileChangeView;

  constructor(id: string, changes: readonly PlannedChange[], context: ToolContext) {
    this.#context = context;
    this.#view = { type: 'fileChange', id, changes: changes.map(changeView), status: 'inProgress' };
  }

  started(): void {
    this.#context.reporter.itemStarted(this.#view);
  }

  ended(status: FileChangeView['status']): void {
    this.#context.reporter.itemCompleted({ ...this.#view, status });
  }
}

function changeView({ diff, kind, movePath, path }: PlannedChange): FileUpdateChange {
  return { path, kind: kind === 'update' ? { type: 'update', move_path: movePath } : { type: kind }, diff };
}
