import { ResponsesError, supportsRemoteCompaction } from '../../responses/index.ts';
import type { ResponseItem, TurnScope } from '../../responses/index.ts';
import { textTokens } from '../../util/text-budget.ts';
import { effectiveContextWindow } from '../models/index.ts';
import type { ModelInfo } from '../models/index.ts';
import { agentRequest } from './agent-request.ts';
import { recordContext, requestContext, turnContext } from './agent-resources.ts';
import type { AgentResources } from './agent-resources.ts';
import {
  COMPACT_PROMPT,
  compactedHistory,
  summarizedHistory,
  summaryOf,
  trimmedToFit,
  userText,
  withContext,
} from './compaction.ts';
import { contextMessages } from './context/turn-context.ts';
import { withPairedCalls } from './history.ts';
import type { ResponseNotes } from './stream/response-notes.ts';
import { sample } from './stream/sampling.ts';
import type { TurnSettings } from './turn-settings.ts';
import type { Turn } from './turn.ts';

export interface CompactRun {
  readonly resources: AgentResources;
  readonly turn: Turn;
  readonly settings: TurnSettings;
  readonly model: ModelInfo;
  readonly notes: ResponseNotes;
  readonly scope: TurnScope;
}

/** What the user is told when a model's own summary has taken the place of the history. */
const ACCURACY_WARNING =
  'The history was summarised to make room. After several summaries a model gets less accurate; a new thread serves better.';

/**
 * Puts a shorter history in the place of the thread's, by the provider's endpoint where it has one, else by a summary
 * of the model's own. In the middle of a turn the new history says where the model works; otherwise the next turn does.
 */
export function compactHistory(run: CompactRun, options: { isMidTurn: boolean }): Promise<void> {
  return run.resources.memory.undisturbed(() => replaceHistory(run, options));
}

async function replaceHistory(run: CompactRun, { isMidTurn }: { isMidTurn: boolean }): Promise<void> {
  const { resources, settings, turn } = run;
  const { environment, memory, provider } = resources;
  const item = { type: 'contextCompaction' as const, id: environment.newId() };
  turn.reporter.itemStarted(item);
  const isRemote = supportsRemoteCompaction({ name: provider.name, baseUrl: provider.baseUrl });
  const compacted = isRemote ? await byProvider(run) : await bySummary(run);
  const context = turnContext(resources, settings);
  const { items, summary } = compacted;
  if (isMidTurn) {
    const messages = contextMessages(context, {
      ...memory.toldBefore,
      told: null,
      instructions: null,
      skills: '',
    });
    // The context that is kept says that the model knows what was said so far, so it has to be told here.
    const told = [...messages, ...memory.voice.take()];
    memory.compact(withContext(items, told), { told: context, summary });
    recordContext(resources, turn, context);
  } else {
    memory.compact(items, { told: null, summary });
  }
  run.notes.tellUsage();
  turn.reporter.itemCompleted(item);
  if (!isRemote) turn.reporter.warning(ACCURACY_WARNING);
}

interface CompactedHistory {
  readonly items: ResponseItem[];
  /** In the model's own words; empty where the provider made something that only models can read. */
  readonly summary: string;
}

async function byProvider(run: CompactRun): Promise<CompactedHistory> {
  const { model, resources, settings, turn } = run;
  const { baseInstructions, config, memory } = resources;
  const window = effectiveContextWindow(model, config) ?? Infinity;
  const input = trimmedToFit(memory.history.forModel(), window - textTokens(baseInstructions));
  try {
    const items = await resources.session.compact(agentRequest(resources, { input, settings, model }), {
      context: requestContext(resources, settings, turn),
      signal: turn.signal,
    });
    return { items: compactedHistory(items), summary: '' };
  } catch (error) {
    turn.signal.throwIfAborted();
    if (!(error instanceof ResponsesError)) throw error;
    throw error.withMessage(`Error running remote compact task: ${error.message}`);
  }
}

/** Asks the model for a summary. What does not fit its context window is left out, the oldest first. */
async function bySummary(run: CompactRun): Promise<CompactedHistory> {
  const { resources } = run;
  const before = resources.memory.history.forModel();
  for (let dropped = 0; ; dropped += 1) {
    try {
      const summary = summaryOf(await summarize(run, withPairedCalls(before.slice(dropped))));
      return { items: summarizedHistory(before, summary), summary };
    } catch (error) {
      const isTooLong = error instanceof ResponsesError && error.kind === 'contextWindowExceeded';
      if (!isTooLong || dropped >= before.length - 1) throw error;
    }
  }
}

async function summarize(run: CompactRun, history: readonly ResponseItem[]): Promise<ResponseItem[]> {
  const { model, notes, resources, scope, settings, turn } = run;
  const prompt = userText(resources.config.compactPrompt ?? COMPACT_PROMPT);
  const response: ResponseItem[] = [];
  await sample({
    session: resources.session,
    scope,
    context: requestContext(resources, settings, turn),
    request: () => {
      response.length = 0;
      return Promise.resolve({
        ...agentRequest(resources, { input: [...history, prompt], settings, model }),
        tools: [],
        parallelToolCalls: false,
      });
    },
    maxRetries: resources.provider.streamMaxRetries,
    signal: turn.signal,
    reporter: turn.reporter,
    output: resources.output,
    newItemId: null,
    planId: null,
    onItem: (item) => response.push(item),
    onEvent: (event) => notes.note(event),
  });
  return response;
}
