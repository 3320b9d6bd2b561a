import type {
  Thread as ThreadView,
  ThreadRealtimeStartParams,
  ThreadSource,
  ThreadStartResponse,
  Turn as TurnView,
  UserInput,
} from '../../protocol/index.ts';
import type { ResponseItem, ResponseUsage } from '../../responses/index.ts';
import type { AuthStore } from '../auth/index.ts';
import type { Config } from '../config/index.ts';
import { isFeatureEnabled } from '../config/index.ts';
import { Conversation, defaultVoicePrompt, planStart } from '../conversation/index.ts';
import type { CoreEnvironment } from '../environment.ts';
import { CoreError } from '../errors.ts';
import { COMPATIBLE_VERSION } from '../identity.ts';
import type { ModelProvider } from '../provider/index.ts';
import { inputCharacters, MAX_INPUT_CHARACTERS } from '../turn/model-input.ts';
import { turnRequest } from '../turn/turn-request.ts';
import { Turn } from '../turn/turn.ts';
import { permissionProfile, sandboxPolicy } from './permissions.ts';
import { rolloutPath } from './rollout-path.ts';
import { ThreadStatusTracker } from './thread-status.ts';
import { TokenUsageTotals } from './token-usage.ts';

export interface ThreadOptions {
  readonly environment: CoreEnvironment;
  readonly auth: AuthStore;
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
  readonly #usage = new TokenUsageTotals();
  readonly #history: ResponseItem[] = [];
  #preview = '';
  #turn: Turn | null = null;
  readonly #conversation: Conversation;

  constructor(options: ThreadOptions) {
    const { environment } = options;
    this.#options = options;
    this.id = environment.newId();
    this.#createdAt = new Date(environment.now());
    this.#status = new ThreadStatusTracker((status) =>
      environment.emit('threadStatusChanged', { threadId: this.id, status }),
    );
    this.#conversation = new Conversation({
      threadId: this.id,
      emit: environment.emit,
      dial: environment.dial,
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
      model: this.model,
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

  get model(): string {
    return this.#options.config.model ?? DEFAULT_MODEL;
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
   * Checks the input and gives the turn that takes it: a new one, which starts when `run` is called, or the one that
   * is running. Throws `invalidInput` and `inputTooLarge`.
   */
  startTurn(input: readonly UserInput[]): { turn: TurnView; run: () => void } {
    checkInput(input);
    if (this.#turn !== null) {
      this.#turn.addInput(input);
      return { turn: this.#turn.view, run: () => {} };
    }
    const { emit, newId, now } = this.#options.environment;
    const turn = new Turn({
      id: newId(),
      threadId: this.id,
      input,
      history: this.#history,
      request: (history, turnId) => this.#modelRequest(history, turnId),
      emit,
      newId,
      now,
      onUsage: (usage) => this.#noteUsage(turn.id, usage),
      onRunning: (isRunning, hasFailed) => {
        if (!isRunning) this.#turn = null;
        this.#status.setRunning(isRunning, hasFailed);
      },
    });
    this.#turn = turn;
    if (this.#preview === '') this.#preview = previewOf(input);
    return { turn: turn.view, run: () => void turn.run() };
  }

  /** Stops and resumes reading what the upstream says, for a client that does not keep up. */
  pauseOutput(): void {
    this.#conversation.pause();
  }

  resumeOutput(): void {
    this.#conversation.resume();
  }

  /** Ends what is under way. Resolves when it has ended. Idempotent. */
  async close(): Promise<void> {
    this.#conversation.close();
    this.#turn?.interrupt();
    await this.#turn?.done;
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

  #modelRequest(history: readonly ResponseItem[], turnId: string): ReturnType<typeof turnRequest> {
    const { auth, config, environment, provider } = this.#options;
    return turnRequest({
      threadId: this.id,
      turnId,
      model: this.model,
      history,
      config,
      provider,
      auth: auth.read(),
      environment,
    });
  }

  #noteUsage(turnId: string, usage: ResponseUsage): void {
    this.#usage.add(usage);
    this.#options.environment.emit('threadTokenUsageUpdated', {
      threadId: this.id,
      turnId,
      tokenUsage: this.#usage.view(this.#options.config.modelContextWindow),
    });
  }
}

/** The model of the background agent where the configuration names none. */
const DEFAULT_MODEL = 'gpt-5.5';

function checkInput(input: readonly UserInput[]): void {
  if (input.length === 0) throw new CoreError('invalidInput', 'input must not be empty');
  const characters = inputCharacters(input);
  if (characters > MAX_INPUT_CHARACTERS) {
    throw new CoreError(
      'inputTooLarge',
      `Input exceeds the maximum length of ${MAX_INPUT_CHARACTERS} characters.`,
      {
        details: {
          input_error_code: 'input_too_large',
          max_chars: MAX_INPUT_CHARACTERS,
          actual_chars: characters,
        },
      },
    );
  }
}

/** Clients of an editor put the user's own words behind this line. */
const REQUEST_MARKER = '## My request for Codex:';

function previewOf(input: readonly UserInput[]): string {
  const text = input.map((part) => (part.type === 'text' ? part.text : '')).join('');
  const marker = text.indexOf(REQUEST_MARKER);
  return (marker === -1 ? text : text.slice(marker + REQUEST_MARKER.length)).trim();
}
