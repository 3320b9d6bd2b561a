import { resolve } from 'node:path';
import type {
  DynamicToolSpec,
  ThreadForkParams,
  ThreadResumeParams,
  ThreadStartParams,
} from '../../protocol/index.ts';
import type { ResponseItem } from '../../responses/index.ts';
import { loadConfig } from '../config/index.ts';
import type { Config } from '../config/index.ts';
import type { CoreEnvironment } from '../environment.ts';
import { configurationInvalid, CoreError } from '../errors.ts';
import { COMPATIBLE_VERSION } from '../identity.ts';
import { resolveProvider } from '../provider/index.ts';
import type { ModelProvider } from '../provider/index.ts';
import { rolloutPath } from '../rollout/index.ts';
import type { SessionMeta, StoredThread } from '../rollout/index.ts';
import { checkDynamicTools, usableDynamicTools } from '../tools/index.ts';
import { effortOfStored } from '../turn/context/stored-context.ts';
import { BASE_INSTRUCTIONS } from '../turn/model-request.ts';
import { selectedEnvironment } from '../turn/turn-environment.ts';
import type { KeptThread } from './record/kept-thread.ts';
import { Thread } from './thread.ts';
import type { ThreadOptions } from './thread.ts';
import type { ThreadFacts } from './thread-view.ts';

/** What every thread is made with. */
export type ThreadParts = Pick<
  ThreadOptions,
  | 'account'
  | 'auth'
  | 'environment'
  | 'groups'
  | 'images'
  | 'models'
  | 'notifyPrograms'
  | 'onIdle'
  | 'sandbox'
  | 'store'
  | 'unloadAfterMs'
>;

/** What may be said of a thread that is there already. */
export type ThreadOverrides = Omit<
  ThreadForkParams,
  'threadId' | 'excludeTurns' | 'ephemeral' | 'persistExtendedHistory'
> &
  Pick<ThreadResumeParams, 'personality'>;

/** What commands may touch can be said in one way at a time. Throws `invalidInput`. */
export function checkPermissions({
  permissions,
  sandbox,
}: Pick<ThreadOverrides, 'permissions' | 'sandbox'>): void {
  if (permissions == null || sandbox == null) return;
  throw new CoreError('invalidInput', '`permissions` cannot be combined with `sandbox`');
}

/** A thread in which nothing has happened yet. Throws `configurationInvalid` and `invalidInput`. */
export function newThread(parts: ThreadParts, params: ThreadStartParams): Thread {
  const { environment } = parts;
  const place = selectedEnvironment(params.environments);
  const tools = params.dynamicTools ?? [];
  checkDynamicTools(tools);
  const readConfig = (): Config => configOf(environment, params, {});
  const config = readConfig();
  const provider = providerOf(environment, config);
  const cwd = resolve(environment.workingDirectory, place?.cwd ?? params.cwd ?? '.');
  const baseInstructions = config.baseInstructions ?? BASE_INSTRUCTIONS;
  const { threadSource } = params;
  const meta = newMeta(environment, { baseInstructions, cwd, provider, threadSource, tools });
  const facts = newFacts(environment, meta, params.ephemeral ?? false);
  return new Thread({
    ...parts,
    config,
    readConfig,
    provider,
    cwd,
    hasEnvironment: place !== null,
    baseInstructions,
    facts,
    isNew: true,
    kept: null,
  });
}

/** Goes on with a thread in its own file. Throws `configurationInvalid`. */
export function resumedThread(
  parts: ThreadParts,
  overrides: ThreadOverrides,
  kept: KeptThread,
  name: string | null,
): Thread {
  const settings = settingsOf(parts.environment, overrides, kept);
  const { createdAt, path, stored, updatedAt } = kept;
  const { preview } = stored;
  const { dynamic_tools: _, ...rest } = stored.meta;
  const meta = { ...rest, ...toolsMember(keptTools(stored.meta)) };
  const facts = { meta, path, preview, name, createdAt, updatedAt, modelProvider: settings.provider.id };
  return new Thread({ ...parts, ...settings, facts, isNew: false, kept: agentOf(kept) });
}

function keptTools({ dynamic_tools: tools }: SessionMeta): DynamicToolSpec[] {
  return usableDynamicTools(tools ?? []);
}

function toolsMember(tools: readonly DynamicToolSpec[]): Pick<SessionMeta, 'dynamic_tools'> {
  return tools.length === 0 ? {} : { dynamic_tools: [...tools] };
}

export interface ForkOptions {
  readonly isEphemeral: boolean;
  readonly threadSource: ThreadForkParams['threadSource'];
}

/**
 * Goes on with what a thread was, as a thread of its own. Its file, which begins with the `meta` that is given, has to be
 * there before it does anything. Throws `configurationInvalid`.
 */
export function forkedThread(
  parts: ThreadParts,
  overrides: ThreadOverrides,
  kept: KeptThread,
  { isEphemeral, threadSource }: ForkOptions,
): { thread: Thread; meta: SessionMeta } {
  const { environment } = parts;
  const { stored } = kept;
  const settings = settingsOf(environment, overrides, kept);
  const meta = {
    ...newMeta(environment, { ...settings, threadSource, tools: keptTools(stored.meta) }),
    forked_from_id: stored.meta.id,
    ...(stored.meta.git === undefined ? {} : { git: stored.meta.git }),
  };
  const facts = { ...newFacts(environment, meta, isEphemeral), preview: stored.preview };
  const thread = new Thread({ ...parts, ...settings, facts, isNew: false, kept: agentOf(kept) });
  return { thread, meta };
}

/** A new thread that remembers what a client says it should. Throws `configurationInvalid`. */
export function threadOfHistory(
  parts: ThreadParts,
  overrides: ThreadOverrides,
  history: readonly ResponseItem[],
  preview: string,
): Thread {
  const { environment } = parts;
  const settings = settingsOf(environment, overrides, null);
  const meta = newMeta(environment, { ...settings, threadSource: null, tools: [] });
  const facts = { ...newFacts(environment, meta, false), preview };
  const kept = {
    history,
    usage: null,
    context: null,
    model: null,
    compactions: 0,
    spoken: [],
    wasVoiceLive: false,
  };
  return new Thread({ ...parts, ...settings, facts, isNew: true, kept });
}

type Settings = Pick<
  ThreadOptions,
  'baseInstructions' | 'config' | 'cwd' | 'hasEnvironment' | 'provider' | 'readConfig'
>;

/** What the thread's turns run with: what the request says, else what the thread had, else the configuration. */
function settingsOf(
  environment: CoreEnvironment,
  overrides: ThreadOverrides,
  kept: KeptThread | null,
): Settings {
  const stored = kept?.stored ?? null;
  const model = namesModel(overrides) ? {} : modelOf(stored);
  const readConfig = (): Config => configOf(environment, overrides, model);
  const config = readConfig();
  const instructions = overrides.baseInstructions ?? stored?.meta.base_instructions?.text;
  return {
    config,
    readConfig,
    provider: providerOf(environment, config),
    cwd: resolve(environment.workingDirectory, overrides.cwd ?? stored?.meta.cwd ?? '.'),
    hasEnvironment: true,
    baseInstructions: instructions ?? config.baseInstructions ?? BASE_INSTRUCTIONS,
  };
}

/** One word about the model in the request, and nothing that was stored of it counts. */
function namesModel({ config, model, modelProvider }: ThreadOverrides): boolean {
  const isNamed = (key: string): boolean => config?.[key] !== undefined;
  return model != null || modelProvider != null || isNamed('model') || isNamed('model_reasoning_effort');
}

interface StoredModel {
  readonly model?: string;
  readonly modelProvider?: string;
  readonly effort?: string;
}

function modelOf(stored: StoredThread | null): StoredModel {
  const provider = stored?.meta.model_provider ?? null;
  const settings = stored?.settings ?? null;
  const effort = settings === null ? null : effortOfStored(settings);
  return {
    ...(provider === null ? {} : { modelProvider: provider }),
    ...(settings === null ? {} : { model: settings.model }),
    ...(effort === null ? {} : { effort }),
  };
}

function configOf(
  environment: CoreEnvironment,
  params: Omit<ThreadOverrides, 'path'>,
  { effort, ...stored }: StoredModel,
): Config {
  const outcome = loadConfig({
    codexHome: environment.codexHome,
    overrides: environment.configOverrides,
    threadConfig: effort === undefined ? params.config : { ...params.config, model_reasoning_effort: effort },
    typed: { ...params, sandboxMode: params.sandbox, ...stored },
  });
  if (!outcome.ok) throw configurationInvalid(outcome.error.message);
  return outcome.config;
}

function providerOf(environment: CoreEnvironment, config: Config): ModelProvider {
  const outcome = resolveProvider(config, environment.variables);
  if (!outcome.ok) throw configurationInvalid(outcome.message);
  return outcome.provider;
}

interface MetaParts extends Pick<Settings, 'baseInstructions' | 'cwd' | 'provider'> {
  readonly threadSource: ThreadStartParams['threadSource'];
  /** Tools of the client's own. */
  readonly tools: readonly DynamicToolSpec[];
}

function newMeta(
  environment: CoreEnvironment,
  { baseInstructions, cwd, provider, threadSource, tools }: MetaParts,
): SessionMeta {
  return {
    id: environment.newId(),
    timestamp: new Date(environment.now()).toISOString(),
    cwd,
    originator: environment.identity.originator,
    cli_version: COMPATIBLE_VERSION,
    source: 'vscode',
    ...(threadSource == null ? {} : { thread_source: threadSource }),
    model_provider: provider.id,
    base_instructions: { text: baseInstructions },
    ...toolsMember(tools),
  };
}

function newFacts({ codexHome }: CoreEnvironment, meta: SessionMeta, isEphemeral: boolean): ThreadFacts {
  const createdAt = Date.parse(meta.timestamp);
  return {
    meta,
    modelProvider: meta.model_provider ?? '',
    path: isEphemeral ? null : rolloutPath(codexHome, meta.id, new Date(createdAt)),
    preview: '',
    name: null,
    createdAt,
    updatedAt: createdAt,
  };
}

/** What the agent goes on from. */
export function agentOf({ history, stored }: KeptThread): NonNullable<ThreadOptions['kept']> {
  return {
    history,
    usage: stored.usage?.usage ?? null,
    context: stored.isContextStale ? null : stored.settings,
    model: stored.settings?.model ?? null,
    compactions: stored.compactions,
    spoken: stored.pendingUtterances,
    wasVoiceLive: stored.settings?.realtime_active ?? false,
  };
}
