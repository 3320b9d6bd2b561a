import { resolve } from 'node:path';
import type { FileUpdateChange, ThreadItem } from '../../protocol/index.ts';
import { applyChanges, parsePatch, patchInCommand, patchSummary, planPatch } from '../../patch/index.ts';
import type { PlannedChange } from '../../patch/index.ts';
import type { Consent } from './approvals.ts';
import type { OutputForm } from './commands/command-output.ts';
import { canAsk } from './commands/command-policy.ts';
import type { ToolContext, ToolOutput } from './tool.ts';

export interface PatchRequest {
  readonly itemId: string;
  /** Absolute; relative paths of the patch go from here. */
  readonly cwd: string;
  readonly patch: string;
}

const REJECTED = 'patch rejected by user';

/** Told to the model when it handed a patch to a command. */
export const PATCH_IN_COMMAND =
  'Warning: that command was nothing but a patch. Give patches to the tool apply_patch, not to a shell.';

/**
 * Applies a patch as the thread's policies allow it, and tells clients of it as an item: inside the writable folders by
 * itself, outside them with a person's consent. Rejects when the turn is interrupted.
 */
export async function applyPatchItem(
  request: PatchRequest,
  context: ToolContext,
  form: OutputForm,
): Promise<ToolOutput> {
  const parsed = parsePatch(request.patch);
  if (!parsed.ok) return `apply_patch verification failed: ${parsed.message}`;
  if (parsed.hunks.length === 0) return 'patch rejected: it changes no file';
  const plan = await planPatch(parsed.hunks, { cwd: request.cwd });
  if (!plan.ok) return `apply_patch verification failed: ${plan.message}`;
  const { approvalPolicy } = context.settings;
  const isAllowed = await isInWritableRoots(plan.changes, context);
  if (!isAllowed && !canAsk(approvalPolicy)) return 'patch rejected: it writes outside the writable folders';
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
  const startedAt = performance.now();
  const applied = await applyChanges(plan.changes);
  const durationMs = performance.now() - startedAt;
  const made = applied.ok ? plan.changes : applied.applied;
  item.ended(applied.ok ? 'completed' : 'failed');
  await context.reporter.changed(made);
  if (applied.ok) return form.ofPatch({ exitCode: 0, durationMs }, patchSummary(plan.changes));
  const names = made.map(({ patchPath }) => patchPath).join(', ');
  const done = made.length === 0 ? '' : `\nThese files had been changed before that: ${names}`;
  return form.ofPatch({ exitCode: 1, durationMs }, `${applied.message}${done}`);
}

/**
 * Applies the patch that a command is nothing but a wrapper of, and advises the model to call the tool for patches. Null for any
 * other command.
 */
export function applyPatchOfCommand(
  argv: readonly string[],
  { cwd, itemId }: Omit<PatchRequest, 'patch'>,
  context: ToolContext,
  form: OutputForm,
): Promise<ToolOutput> | null {
  const found = patchInCommand(argv);
  if (found === null) return null;
  context.tellModel(PATCH_IN_COMMAND);
  const request = { itemId, cwd: resolve(cwd, found.workdir ?? '.'), patch: found.patch };
  return applyPatchItem(request, context, form);
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
      reason: isAllowed ? null : outsideReason(changes),
      grantRoot: null,
    },
    context.signal,
  );
}

/** Where a patch really writes, through links too, as far as a line has room for it. */
function outsideReason(changes: readonly PlannedChange[]): string {
  const paths = touchedPaths(changes);
  const more = paths.length > MOST_NAMED ? ` and ${paths.length - MOST_NAMED} more` : '';
  return `It writes outside the writable folders: ${paths.slice(0, MOST_NAMED).join(', ')}${more}.`;
}

const MOST_NAMED = 5;

function touchedPaths(changes: readonly PlannedChange[]): string[] {
  return changes.flatMap(({ realMovePath, realPath }) =>
    realMovePath === null ? [realPath] : [realPath, realMovePath],
  );
}

/** Whether every file that is really touched lies where the sandbox lets commands write. */
function isInWritableRoots(
  changes: readonly PlannedChange[],
  { settings, workbench }: ToolContext,
): Promise<boolean> {
  const { codexHome, commandVariables: env, sandbox } = workbench;
  return sandbox.mayWrite(touchedPaths(changes), settings.sandbox, {
    workspace: settings.cwd,
    env,
    codexHome,
  });
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
