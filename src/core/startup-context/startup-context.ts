import type { ResponseItem } from '../../responses/index.ts';
import { deferred } from '../../util/deferred.ts';
import { errorCode } from '../../util/error-code.ts';
import type { Logger } from '../../util/logger.ts';
import { textTokens } from '../../util/text-budget.ts';
import { currentThread } from './current-thread.ts';
import { startupText } from './document.ts';
import type { Section } from './document.ts';
import { rememberedGitRoots } from '../git/index.ts';
import { recentWork } from './recent-work.ts';
import type { RecentThread } from './recent-work.ts';
import { CURRENT_THREAD, INSTRUCTIONS, RECENT_WORK, WORKSPACE } from './section.ts';
import type { SectionFrame } from './section.ts';
import { workspaceMap } from './workspace-map.ts';

export interface StartupContextSources {
  /** The thread's history as its model knows it. */
  readonly history: readonly ResponseItem[];
  /** What users have written down for agents in the folder; null where there is nothing, or it is not to be told. */
  readonly instructions: string | null;
  /** The latest stored threads of any folder, source and provider that are not archived; only 40 are looked at. */
  readonly recentThreads: () => Promise<readonly RecentThread[]>;
  /** Absolute. */
  readonly cwd: string;
  /** The user's home directory; null where it is not known. */
  readonly home: string | null;
  /** Ends the search: what is ready by then is used, and the rest is left out. */
  readonly signal: AbortSignal;
  readonly logger: Logger;
}

/**
 * What a voice model is told at the start of a call of the thread, of recent work and of the workspace, in at most 5,300
 * tokens; null where there is nothing to tell. It never throws: a section that fails, or is not ready when the signal
 * aborts, is left out.
 */
export async function startupContext(sources: StartupContextSources): Promise<string | null> {
  const { cwd, history, home, instructions, recentThreads, signal } = sources;
  const findGitRoot = rememberedGitRoots(signal);
  const sections = await Promise.all([
    ready(CURRENT_THREAD, sources, async () => currentThread(history)),
    ...(instructions === null ? [] : [ready(INSTRUCTIONS, sources, async () => instructions)]),
    ready(RECENT_WORK, sources, async () => recentWork(await recentThreads(), { cwd, findGitRoot })),
    ready(WORKSPACE, sources, () => workspaceMap({ cwd, home, findGitRoot, signal })),
  ]);
  return startupText(sections.filter((section) => section !== null));
}

/** The section once its body is there; null where there is none, or it does not come. */
async function ready(
  frame: SectionFrame,
  { logger, signal }: StartupContextSources,
  build: () => Promise<string | null>,
): Promise<Section | null> {
  const section = frame.title;
  try {
    const body = await beforeAbort(build(), signal);
    logger.debug({ section, tokens: textTokens(body ?? '') }, 'a section of the startup context is ready');
    return body === null ? null : { frame, body };
  } catch (error) {
    const reason = signal.aborted ? 'out of time' : errorCode(error);
    logger.warn({ section, reason }, 'a section of the startup context is left out');
    return null;
  }
}

/** The work's result, or a rejection as soon as the signal aborts. Work that is done already is not too late. */
async function beforeAbort<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  const aborted = deferred<never>();
  const onAbort = (): void => aborted.reject(signal.reason);
  if (signal.aborted) onAbort();
  signal.addEventListener('abort', onAbort, { once: true });
  try {
    return await Promise.race([work, aborted.promise]);
  } finally {
    signal.removeEventListener('abort', onAbort);
  }
}
