import { basename, dirname, join, resolve } from 'node:path';
import { readFileState } from './file-state.ts';
import type { ReadFileState } from './file-state.ts';
import type { Chunk, Hunk } from './hunk.ts';
import { patchedText } from './patched-text.ts';
import type { PlannedChange } from './planned-change.ts';
import { resolveReal } from './real-path.ts';
import { unifiedDiff } from './unified-diff.ts';

export interface PlanOptions {
  /** The absolute folder from which the patch's relative paths go. */
  readonly cwd: string;
  /** Reads a real path; the disk unless something else is given. */
  readonly readFile?: ReadFileState;
}

/** The changes that a patch comes to, in an order in which they can be made, or why it cannot be applied. */
export type PatchPlan =
  | { readonly ok: true; readonly changes: readonly PlannedChange[] }
  | { readonly ok: false; readonly message: string };

/** How many UTF-16 units of text, before and after together, one patch may touch. */
export const PLAN_LIMIT = 64 * 1024 * 1024;

const CONTEXT_LINES = 1;

class PlanError extends Error {
  override readonly name = 'PlanError';
}

/**
 * Checks a patch against the files and says what it comes to; nothing is written. Several hunks for one file become
 * one change, so that a deletion followed by an addition is an update. An addition over an existing file is an update
 * too. A move does not overwrite, except for a file that the same patch deletes before; a symbolic link is neither
 * deleted nor moved, an update of one is an update of the file it leads to. Where a path leads is for the caller to
 * judge, by `realPath` and `realMovePath` of each change.
 */
export async function planPatch(hunks: readonly Hunk[], options: PlanOptions): Promise<PatchPlan> {
  const planner = new PatchPlanner(options.cwd, options.readFile ?? readFileState);
  try {
    for (const hunk of hunks) await planner.add(hunk);
  } catch (error) {
    if (!(error instanceof PlanError)) throw error;
    return { ok: false, message: error.message };
  }
  return { ok: true, changes: planner.changes() };
}

interface Place {
  readonly named: string;
  readonly path: string;
  readonly realPath: string;
}

/** A file as the hunks so far would leave it. */
interface Draft {
  readonly place: Place;
  readonly before: string | null;
  readonly mode: number | null;
  readonly after: string | null;
  readonly moveTo: Place | null;
}

class PatchPlanner {
  readonly #cwd: string;
  readonly #readFile: ReadFileState;
  /** By real path, in the order in which the changes can be made. */
  readonly #drafts = new Map<string, Draft>();
  /** The real paths that a move has to do with, about which no more can be said. */
  readonly #moved = new Set<string>();
  #characters = 0;

  constructor(cwd: string, readFile: ReadFileState) {
    this.#cwd = cwd;
    this.#readFile = readFile;
  }

  async add(hunk: Hunk): Promise<void> {
    const place = await this.#place(hunk.path);
    const draft = await this.#draft(place);
    switch (hunk.kind) {
      case 'add':
        return this.#keep({ ...draft, place, after: hunk.content });
      case 'delete':
        if (draft.after === null) fail(place, 'is to be deleted and does not exist');
        await this.#refuseLink(place);
        return this.#keep({ ...draft, after: null });
      case 'update':
        return this.#update(draft, place, hunk.chunks, hunk.moveTo);
    }
  }

  changes(): readonly PlannedChange[] {
    return [...this.#drafts.values()].flatMap((draft) => plannedChange(draft) ?? []);
  }

  async #update(draft: Draft, place: Place, chunks: readonly Chunk[], moveTo: string | null): Promise<void> {
    if (draft.after === null) return fail(place, 'is to be updated and does not exist');
    const patched = patchedText(draft.after, chunks);
    if (!patched.ok) return fail(place, `does not fit: ${patched.message}`);
    const target = moveTo === null ? null : await this.#place(moveTo);
    if (target === null || target.realPath === place.realPath) {
      return this.#keep({ ...draft, place, after: patched.text });
    }
    if (draft.before === null)
      return fail(place, 'is added and moved by the same patch; add it at its new path');
    await this.#refuseLink(place);
    await this.#refuseLink(target);
    const overwritten = await this.#draft(target);
    if (overwritten.after !== null) return fail(target, 'exists already, so nothing can be moved there');
    // The move is made after the deletion that may have to make room for it.
    this.#drafts.delete(place.realPath);
    this.#keep({ ...draft, place, after: patched.text, moveTo: target });
    this.#moved.add(place.realPath).add(target.realPath);
  }

  async #place(named: string): Promise<Place> {
    const path = resolve(this.#cwd, named);
    const real = await resolveReal(path);
    if (!real.ok) throw new PlanError(real.message);
    return { named, path, realPath: real.path };
  }

  async #draft(place: Place): Promise<Draft> {
    if (this.#moved.has(place.realPath)) return fail(place, 'is moved by the same patch already');
    const known = this.#drafts.get(place.realPath);
    if (known !== undefined) return known;
    const state = await this.#readFile(place.realPath);
    if (state.kind === 'unfit') return fail(place, state.reason);
    const before = state.kind === 'text' ? state.text : null;
    this.#count(before);
    return { place, before, mode: state.kind === 'text' ? state.mode : null, after: before, moveTo: null };
  }

  #keep(draft: Draft): void {
    this.#count(draft.after);
    this.#drafts.set(draft.place.realPath, draft);
  }

  #count(text: string | null): void {
    this.#characters += text?.length ?? 0;
    if (this.#characters > PLAN_LIMIT) {
      throw new PlanError(`the patch touches more than ${PLAN_LIMIT} characters at once, split it`);
    }
  }

  /** Deleting or moving what a link leads to, or the link itself, are both likely to be a surprise. */
  async #refuseLink(place: Place): Promise<void> {
    const folder = await resolveReal(dirname(place.path));
    if (folder.ok && join(folder.path, basename(place.path)) === place.realPath) return;
    fail(place, 'is a symbolic link, which a patch neither deletes nor moves');
  }
}

function plannedChange(draft: Draft): PlannedChange | null {
  const { place, before, after, mode, moveTo } = draft;
  if (before === null && after === null) return null;
  return {
    path: place.path,
    realPath: place.realPath,
    kind: before === null ? 'add' : after === null ? 'delete' : 'update',
    movePath: moveTo?.path ?? null,
    realMovePath: moveTo?.realPath ?? null,
    patchPath: (moveTo ?? place).named,
    before,
    after,
    mode,
    diff: shownDiff(before, after, moveTo),
  };
}

function shownDiff(before: string | null, after: string | null, moveTo: Place | null): string {
  if (before === null) return after ?? '';
  if (after === null) return before;
  const diff = unifiedDiff(before, after, CONTEXT_LINES);
  return moveTo === null ? diff : `${diff}\n\nMoved to: ${moveTo.path}`;
}

function fail(place: Place, reason: string): never {
  throw new PlanError(`${JSON.stringify(place.named)} ${reason}`);
}
