import type { RateLimitSnapshot } from '../../../protocol/index.ts';
import { ResponsesError } from '../../../responses/index.ts';
import type { ResponseEvent } from '../../../responses/index.ts';
import { effectiveContextWindow } from '../../models/index.ts';
import type { ModelInfo } from '../../models/index.ts';
import type { AgentResources } from '../agent-resources.ts';
import { userText } from '../compaction.ts';
import { reroutedWarning } from '../model-warnings.ts';
import type { ResponseEventOf } from './response-event.ts';
import { tokenCountEntry } from '../turn-entries.ts';
import type { Turn } from '../turn.ts';

const VERIFICATIONS = { trusted_access_for_cyber: 'trustedAccessForCyber' } as const;

/** Takes note of what a response tells besides its items: what was used, what is left, and who really answered. */
export class ResponseNotes {
  readonly #resources: AgentResources;
  readonly #turn: Turn;
  readonly #model: ModelInfo;
  #hasToldReroute = false;
  #hasToldVerification = false;

  constructor(resources: AgentResources, turn: Turn, model: ModelInfo) {
    this.#resources = resources;
    this.#turn = turn;
    this.#model = model;
  }

  note(event: ResponseEvent): void {
    const { memory, models, provider } = this.#resources;
    switch (event.type) {
      case 'completed':
        if (event.usage === null) return;
        memory.noteUsage(event.usage);
        this.tellUsage();
        return;
      case 'rateLimits':
        this.#tellRateLimits(event.rateLimits);
        return;
      case 'reasoningIncluded':
        memory.noteReasoningIncluded();
        return;
      case 'modelsEtag':
        models.noteEtag(event.etag, provider.id);
        return;
      case 'modelVerification':
        this.#tellVerifications(event.verifications);
        return;
      case 'serverModel':
        this.#noteServerModel(event.model);
        return;
      default:
    }
  }

  /** A failure can tell something too: the limits that were reached, or that the context window is full. */
  noteFailure(error: unknown): void {
    if (!(error instanceof ResponsesError)) return;
    if (error.rateLimits !== null) this.#tellRateLimits(error.rateLimits);
    if (error.kind !== 'contextWindowExceeded') return;
    const window = effectiveContextWindow(this.#model, this.#resources.config);
    if (window === null) return;
    this.#resources.memory.noteFullWindow(window);
    this.tellUsage();
  }

  /** Keeps what was used before the turn; nothing was before the first response. */
  recordUsage(): void {
    const { config, memory, recorder } = this.#resources;
    const window = effectiveContextWindow(this.#model, config);
    recorder.record(tokenCountEntry(memory.hasUsage ? memory.usage(window) : null));
  }

  tellUsage(): void {
    const { config, environment, memory, recorder, threadId } = this.#resources;
    const tokenUsage = memory.usage(effectiveContextWindow(this.#model, config));
    recorder.record(tokenCountEntry(tokenUsage));
    environment.emit('threadTokenUsageUpdated', { threadId, turnId: this.#turn.id, tokenUsage });
  }

  #tellRateLimits(snapshot: RateLimitSnapshot): void {
    const { account, environment, threadId } = this.#resources;
    account.rateLimits = snapshot;
    environment.emit('accountRateLimitsUpdated', { threadId, rateLimits: account.rateLimits });
  }

  /** The provider's wish that the user prove who they are is told once a turn. */
  #tellVerifications(told: ResponseEventOf<'modelVerification'>['verifications']): void {
    const { environment, threadId } = this.#resources;
    if (this.#hasToldVerification) return;
    this.#hasToldVerification = true;
    const verifications = told.map((name) => VERIFICATIONS[name]);
    environment.emit('modelVerification', { threadId, turnId: this.#turn.id, verifications });
  }

  /** Another model than the one asked for is told once a turn. */
  #noteServerModel(serverModel: string): void {
    const { environment, memory, threadId } = this.#resources;
    const { id } = this.#model;
    if (this.#hasToldReroute || serverModel.toLowerCase() === id.toLowerCase()) return;
    this.#hasToldReroute = true;
    environment.emit('modelRerouted', {
      threadId,
      turnId: this.#turn.id,
      fromModel: id,
      toModel: serverModel,
      reason: 'highRiskCyberActivity',
    });
    this.#turn.reporter.warning(`The request for ${id} was answered by ${serverModel}.`);
    memory.recordBeside(userText(reroutedWarning(id, serverModel)));
  }
}
