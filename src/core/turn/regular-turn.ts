import type { UserInput } from '../../protocol/index.ts';
import { ResponsesError } from '../../responses/index.ts';
import type { ResponseItem, TurnScope } from '../../responses/index.ts';
import { autoCompactLimit, effectiveContextWindow } from '../models/index.ts';
import { ToolCalls } from '../tools/index.ts';
import type { ToolContext } from '../tools/index.ts';
import type { ModelInfo } from '../models/index.ts';
import { agentRequest } from './agent-request.ts';
import { recordContext, requestContext, turnContext } from './agent-resources.ts';
import type { AgentResources } from './agent-resources.ts';
import { compactHistory } from './compact-turn.ts';
import { userText } from './compaction.ts';
import { ResponseNotes } from './stream/response-notes.ts';
import { sample } from './stream/sampling.ts';
import type { TurnSettings } from './turn-settings.ts';
import type { Turn } from './turn.ts';
import { userMessage } from './user-message.ts';

export interface RegularTurn {
  readonly turn: Turn;
  readonly settings: TurnSettings;
  readonly input: readonly UserInput[];
  /** A JSON Schema for the answer; undefined and null ask for text. */
  readonly outputSchema: unknown;
}

/** Told to the model in the request after an interrupted turn. */
const INTERRUPTED = `<turn_aborted>
The user interrupted the turn. What was started may still run, and work may be half done: look before you go on.
</turn_aborted>`;

/** Gives the model the user's input, and asks it again for as long as something is left to do. */
export async function answerUser(resources: AgentResources, regular: RegularTurn): Promise<void> {
  const { memory, models, provider, session } = resources;
  const { settings, turn } = regular;
  const model = models.modelInfo(settings.model, provider.id);
  const notes = new ResponseNotes(resources, turn, model);
  const run: Run = { ...regular, resources, model, notes, scope: session.beginTurn() };
  warnOfUnknownModel(run);
  try {
    memory.beginTurn();
    await makeRoom(run);
    await resources.skills.load(settings.cwd);
    const context = turnContext(resources, settings);
    memory.tell(context);
    for (const message of resources.instructions.takeWarnings()) turn.reporter.warning(message);
    for (const message of resources.skills.takeWarnings()) turn.reporter.warning(message);
    memory.record(...memory.voice.take());
    recordContext(resources, turn, context);
    await recordInput(run, regular.input);
    memory.noteVoice(context.voice.isLive);
    notes.recordUsage();
    for (;;) {
      const needsFollowUp = await memory.undisturbed(() => respond(run));
      if (!needsFollowUp) {
        await turn.quiet();
        turn.signal.throwIfAborted();
      }
      if (!needsFollowUp && !turn.hasPendingInput) return;
      if (isOverLimit(run)) await compactHistory(run, { isMidTurn: true });
      for (const input of turn.takePendingInput()) await recordInput(run, input);
    }
  } catch (error) {
    await turn.besideOver();
    if (turn.signal.aborted) memory.record(userText(INTERRUPTED));
    // What was accepted while the turn failed is not lost: the next turn's request carries it.
    else for (const input of turn.takePendingInput()) await recordInput(run, input);
    throw error;
  }
}

interface Run extends RegularTurn {
  readonly resources: AgentResources;
  readonly model: ModelInfo;
  readonly notes: ResponseNotes;
  readonly scope: TurnScope;
}

/** The skills that an input names follow it; they are context, and no item of their own. */
async function recordInput(run: Run, input: readonly UserInput[]): Promise<void> {
  const { resources, settings, turn } = run;
  const item = { type: 'userMessage' as const, id: resources.environment.newId(), content: [...input] };
  turn.reporter.itemStarted(item);
  const message = await userMessage(input, resources.workbench.images, turn.signal);
  const skills = await resources.skills.attach(input, settings.cwd);
  resources.memory.record(message);
  turn.reporter.itemCompleted(item);
  resources.memory.record(...skills.texts.map(userText));
  for (const words of skills.warnings) turn.reporter.warning(words);
}

/**
 * Gets one response. Says whether the model has to be asked again. The outputs of calls come after all that the
 * response said, so that a provider that remembers the response needs to be sent the outputs alone.
 */
async function respond(run: Run): Promise<boolean> {
  const { model, notes, outputSchema, resources, scope, settings, turn } = run;
  const { environment, memory, provider, session } = resources;
  await resources.mcp.settled(turn.signal);
  const tools = resources.moreTools();
  const calls = new ToolCalls(toolContext(run), tools);
  const outputs: Promise<ResponseItem>[] = [];
  const recordOutputs = async (): Promise<void> => {
    for (const output of outputs.splice(0)) memory.record(await output);
  };
  let hasCalls = false;
  try {
    const completed = await sample({
      session,
      scope,
      context: requestContext(resources, settings, turn),
      request: async () => {
        await recordOutputs();
        const input = memory.history.forModel();
        return agentRequest(resources, { input, settings, model, tools, outputSchema });
      },
      maxRetries: provider.streamMaxRetries,
      signal: turn.signal,
      reporter: turn.reporter,
      output: resources.output,
      newItemId: environment.newId,
      planId: settings.collaborationMode?.mode === 'plan' ? `${turn.id}-plan` : null,
      onItem: (item) => {
        memory.record(item);
        const output = calls.begin(item);
        if (output === null) return;
        hasCalls = true;
        outputs.push(output);
      },
      onEvent: (event) => notes.note(event),
    });
    return hasCalls || completed.endTurn === false;
  } catch (error) {
    const isOfImage = error instanceof ResponsesError && error.kind === 'invalidImage';
    if (isOfImage && memory.refuseLastImage()) return true;
    notes.noteFailure(error);
    throw error;
  } finally {
    await recordOutputs();
    turn.reporter.tellDiff();
  }
}

function toolContext({ model, resources, settings, turn }: Run): ToolContext {
  return {
    threadId: resources.threadId,
    turnId: turn.id,
    settings,
    model,
    reporter: turn.reporter,
    signal: turn.signal,
    workbench: resources.workbench,
    turnMetadata: requestContext(resources, settings, turn).turnMetadata,
    tellModel: (text) => resources.memory.recordBeside(userText(text)),
    cancelTurn: () => void turn.interrupt().then(({ finish }) => finish()),
  };
}

/** Compacts a history that is too long for the turn: by the model that it had, where that one takes more. */
async function makeRoom(run: Run): Promise<void> {
  if (!isOverLimit(run)) return;
  const { config, memory, models, provider } = run.resources;
  const before = memory.toldBefore.told?.settings ?? run.settings;
  const model = models.modelInfo(before.model, provider.id);
  const windowOf = (of: ModelInfo): number => effectiveContextWindow(of, config) ?? 0;
  const isLarger = windowOf(model) > windowOf(run.model);
  const settings = { ...run.settings, model: before.model, effort: before.effort };
  const notes = new ResponseNotes(run.resources, run.turn, model);
  await compactHistory(isLarger ? { ...run, settings, model, notes } : run, { isMidTurn: false });
}

function isOverLimit({ model, resources }: Run): boolean {
  const limit = autoCompactLimit(model, resources.config);
  return limit !== null && resources.memory.activeTokens() >= limit;
}

/** One warning for each model that nothing is known of. */
function warnOfUnknownModel({ model, resources, turn }: Run): void {
  if (!model.isFallback || !resources.memory.isFirstUseOf(model.id)) return;
  turn.reporter.warning(
    `Nothing is known of the model ${model.id}; cautious defaults are used for what it can take.`,
  );
}
