import type {
  Thread as ThreadView,
  ThreadMemorySummarizeResponse,
  ThreadRealtimeStartParams,
  ThreadSource,
  ThreadStartResponse,
  UserInput,
} from '../../protocol/index.ts';
import { errorMessage } from '../../util/errors.ts';
import type { Account } from '../account.ts';
import type { AuthStore } from '../auth/index.ts';
import type { Config } from '../config/index.ts';
import { isFeatureEnabled } from '../config/index.ts';
import { Conversation, defaultVoicePrompt, planStart } from '../conversation/index.ts';
import type { CoreEnvironment } from '../environment.ts';
import { Gate } from '../../util/gate.ts';
import { CoreError } from '../errors.ts';
import { COMPATIBLE_VERSION } from '../identity.ts';
import type { ModelCatalogue } from '../models/index.ts';
import type { ModelProvider } from '../provider/index.ts';
import { AgentMemory } from '../turn/agent-memory.ts';
import { Agent } from '../turn/agent.ts';
import { storeMemory } from './memory-file.ts';
import { permissionProfile, sandboxPolicy } from './permissions.ts';
import { responsesSession } from './responses-session.ts';
import { rolloutPath } from './rollout-path.ts';
import { ThreadStatusTracker } from './thread-status.ts';

export interface ThreadOptions {
  readonly environment: CoreEnvironment;
  readonly auth: AuthStore;
  readonly account: Account;
  readonly models: ModelCatalogue;
  readonly config: Config;
  readonly provider: ModelProvider;
  /** Absolute. */
  readonly cwd: string;
  readonly isEphemeral: boolean;
  readonly threadSource: ThreadSource | null;
}

/** A conversation that clients can write and speak to. It lives until `close`. */
export class Thread {
  readonly id: string;
  readonly #options: ThreadOptions;
  readonly #createdAt: Date;
  readonly #status: ThreadStatusTracker;
  #preview = '';
  readonly #output = new Gate();
  /** The background agent, which runs the thread's turns. */
  readonly agent: Agent;
  readonly #conversation: Conversation;

  constructor(options: ThreadOptions) {
    const { environment } = options;
    this.#options = options;
    this.id = environment.newId();
    this.#createdAt = new Date(environment.now());
    this.#status = new ThreadStatusTracker((status) =>
      environment.emit('threadStatusChanged', { threadId: this.id, status }),
    );
    this.agent = this.#createAgent();
    this.#conversation = new Conversation({
      threadId: this.id,
      emit: environment.emit,
      dial: environment.dial,
      logger: environment.logger,
      now: environment.monotonicNow,
      plan: (params) => this.#planRealtime(params),
    });
  }

  get view(): ThreadView {
    const { environment, cwd, isEphemeral, provider, threadSource } = this.#options;
    const seconds = Math.floor(this.#createdAt.getTime() / 1000);
    return {
      id: this.id,
      sessionId: this.id,
      forkedFromId: null,
      preview: this.#preview,
      ephemeral: isEphemeral,
      modelProvider: provider.id,
      createdAt: seconds,
      updatedAt: seconds,
      status: this.#status.status,
      path: isEphemeral ? null : rolloutPath(environment.codexHome, this.id, this.#createdAt),
      cwd,
      cliVersion: COMPATIBLE_VERSION,
      source: 'vscode',
      threadSource,
      agentNickname: null,
      agentRole: null,
      gitInfo: null,
      name: null,
      turns: [],
    };
  }

  /** What `thread/start` answers. */
  get startResponse(): ThreadStartResponse {
    const { config, cwd, environment, provider } = this.#options;
    const sandbox = sandboxPolicy(config, environment.codexHome);
    return {
      thread: this.view,
      model: this.agent.settings.model,
      modelProvider: provider.id,
      serviceTier: config.serviceTier,
      cwd,
      instructionSources: [],
      approvalPolicy: config.approvalPolicy,
      approvalsReviewer: config.approvalsReviewer,
      sandbox,
      permissionProfile: permissionProfile(sandbox),
      activePermissionProfile: null,
      reasoningEffort: config.modelReasoningEffort,
    };
  }

  /** The thread's voice. Throws `realtimeUnsupported` where the feature is turned off. */
  get conversation(): Conversation {
    if (!isFeatureEnabled(this.#options.config, 'realtime_conversation')) {
      throw new CoreError('realtimeUnsupported', `thread ${this.id} does not support realtime conversation`);
    }
    return this.#conversation;
  }

  /**
   * Reports that there was no session to take an append, as an error outside any turn. The thread's status and its
   * turns are not touched.
   */
  reportRealtimeNotRunning(): void {
    this.#options.environment.emit('threadError', {
      threadId: this.id,
      turnId: this.#options.environment.newId(),
      error: {
        message: 'no realtime conversation is running',
        codexErrorInfo: 'badRequest',
        additionalDetails: null,
      },
      willRetry: false,
    });
  }

  /**
   * Has the provider summarise the thread so far, and keeps the summary beside the thread, unless that is ephemeral.
   * Throws `memoryUnavailable`.
   */
  async summarizeMemory(signal: AbortSignal): Promise<ThreadMemorySummarizeResponse> {
    const { environment } = this.#options;
    const { path } = this.view;
    const made = await this.agent.summarizeMemory(path ?? this.id, signal).catch(memoryUnavailable);
    if (made === null)
      throw new CoreError('memoryUnavailable', `thread ${this.id} has nothing to summarise yet`);
    const createdAt = Math.floor(environment.now() / 1000);
    const summary = made.memorySummary;
    if (path !== null) {
      const memory = { threadId: this.id, summary, traceSummary: made.traceSummary, createdAt };
      await storeMemory(path, memory).catch(memoryUnavailable);
    }
    return { summary, createdAt };
  }

  /** Stops and resumes reading what the upstream says, for a client that does not keep up. */
  pauseOutput(): void {
    this.#output.hold();
    this.#conversation.pause();
  }

  resumeOutput(): void {
    this.#output.release();
    this.#conversation.resume();
  }

  /** Ends what is under way. Resolves when it has ended. Idempotent. */
  async close(): Promise<void> {
    this.#conversation.close();
    await this.agent.close();
  }

  #createAgent(): Agent {
    const { account, config, cwd, environment, models, provider, threadSource } = this.#options;
    const agent = new Agent(
      {
        threadId: this.id,
        threadSource,
        environment,
        account,
        models,
        config,
        provider,
        session: responsesSession(this.id, this.#options),
        memory: new AgentMemory(),
        output: this.#output,
        onRunning: (isRunning, hasFailed) => this.#status.setRunning(isRunning, hasFailed),
        onUserInput: (input) => {
          if (this.#preview === '') this.#preview = previewOf(input);
        },
      },
      {
        cwd,
        approvalPolicy: config.approvalPolicy,
        approvalsReviewer: config.approvalsReviewer,
        sandbox: sandboxPolicy(config, environment.codexHome),
        model: config.model ?? DEFAULT_MODEL,
        serviceTier: config.serviceTier,
        effort: config.modelReasoningEffort,
        summary: config.modelReasoningSummary,
        personality: config.personality,
        collaborationMode: null,
      },
    );
    agent.prewarm();
    return agent;
  }

  #planRealtime(params: ThreadRealtimeStartParams): ReturnType<typeof planStart> {
    const { auth, config, environment, provider } = this.#options;
    return planStart(params, {
      threadId: this.id,
      config,
      provider,
      auth: auth.read(),
      environment: environment.variables,
      packageVersion: environment.packageVersion,
      defaultHeaders: environment.identity.headers,
      defaultPrompt: () => defaultVoicePrompt(environment.userName()),
    });
  }
}

/** The model of the background agent where the configuration names none. */
const DEFAULT_MODEL = 'gpt-5.5';

function memoryUnavailable(error: unknown): never {
  throw new CoreError('memoryUnavailable', errorMessage(error), { cause: error });
}

/** Clients of an editor put the user's own words behind this line. */
const REQUEST_MARKER = '## My request for Codex:';

function previewOf(input: readonly UserInput[]): string {
  const text = input.map((part) => (part.type === 'text' ? part.text : '')).join('');
  const marker = text.indexOf(REQUEST_MARKER);
  return (marker === -1 ? text : text.slice(marker + REQUEST_MARKER.length)).trim();
}
