import type { ThreadRealtimeStartParams } from '../../protocol/index.ts';
import type { ResponseItem } from '../../responses/index.ts';
import type { AuthStore } from '../auth/index.ts';
import type { Config } from '../config/index.ts';
import { defaultVoicePrompt, planStart } from '../conversation/index.ts';
import type { StartPlanOutcome } from '../conversation/index.ts';
import type { CoreEnvironment } from '../environment.ts';
import type { ModelProvider } from '../provider/index.ts';
import { startupContext } from '../startup-context/index.ts';
import type { RecentThread } from '../startup-context/index.ts';
import type { ThreadStore } from '../store/index.ts';

export interface VoiceParts {
  readonly threadId: string;
  readonly environment: CoreEnvironment;
  readonly auth: AuthStore;
  readonly config: Config;
  readonly provider: ModelProvider;
  readonly store: Pick<ThreadStore, 'list'>;
  /** Where the thread works, and what its model knows, at the moment of the start. */
  readonly cwd: string;
  readonly history: readonly ResponseItem[];
  /** What users have written down for agents there; null where there is nothing. */
  readonly instructions: string | null;
}

/** How long the start of a call waits for what the voice model is told of the thread and the workspace. */
const CONTEXT_TIMEOUT_MS = 1_000;
const RECENT_THREADS = 40;

/** Plans a call of a thread. Opens nothing. What is told of the thread is only looked for where the call can be made. */
export async function planVoice(
  params: ThreadRealtimeStartParams,
  parts: VoiceParts,
  signal: AbortSignal,
): Promise<StartPlanOutcome> {
  const { auth, config, environment, provider, threadId } = parts;
  const plan = (known: string): StartPlanOutcome =>
    planStart(params, {
      threadId,
      config,
      provider,
      auth: auth.read(),
      environment: environment.variables,
      packageVersion: environment.packageVersion,
      defaultHeaders: environment.identity.headers,
      defaultPrompt: () => defaultVoicePrompt(environment.userName()),
      startupContext: known,
    });
  const bare = plan('');
  const needsContext =
    bare.ok && config.realtime.startupContext === null && 'instructions' in bare.plan.session;
  return needsContext ? plan(await contextOf(parts, signal)) : bare;
}

async function contextOf(
  { config, cwd, environment, history, instructions, store }: VoiceParts,
  signal: AbortSignal,
): Promise<string> {
  const context = await startupContext({
    history,
    instructions: config.realtime.includeProjectInstructions ? instructions : null,
    recentThreads: () => recentThreads(store, config.modelProvider),
    cwd,
    home: environment.variables['HOME'] ?? null,
    signal: AbortSignal.any([signal, AbortSignal.timeout(CONTEXT_TIMEOUT_MS)]),
    logger: environment.logger,
  });
  return context ?? '';
}

async function recentThreads(store: VoiceParts['store'], defaultProvider: string): Promise<RecentThread[]> {
  const { data } = await store.list({
    limit: RECENT_THREADS,
    sortKey: 'updated_at',
    sourceKinds: ['cli', 'vscode', 'exec', 'appServer', 'subAgent', 'unknown'],
    defaultProvider,
  });
  return data.map(({ head, updatedAtMs }) => ({
    cwd: head.meta.cwd,
    firstUserMessage: head.preview,
    updatedAtMs,
    branch: head.meta.git?.branch ?? null,
  }));
}
