import { invalidRequest } from '../../api-error.ts';
import type { ApiProblem } from '../../api-error.ts';
import { wordsAnswer } from '../answer.ts';
import type { Answer } from '../answer.ts';
import { IDLE_TEXT, SELF_DESCRIPTION } from '../wording.ts';
import type { ResponseParams } from './client-events.ts';
import type { ConversationEntry } from './conversation.ts';
import { answeringOf, answerTo, inputTokensOf } from './item-answer.ts';
import type { OfferedTools } from './item-answer.ts';
import { createdEntry } from './items.ts';
import type { EntryOutcome } from './items.ts';
import { Responder } from './responder.ts';
import type { ResponderOptions } from './responder.ts';
import type { ResponseRequest } from './response-run.ts';
import type { ConversationSession, EffectiveSession } from './session-settings.ts';
import { Unanswered } from './unanswered.ts';

export interface TurnsOptions extends ResponderOptions {
  /** The settings in force. */
  readonly session: () => EffectiveSession;
}

/** Decides what is answered, and when. A session that only transcribes answers nothing. */
export class Turns {
  readonly #options: TurnsOptions;
  readonly #responder: Responder;
  readonly #unanswered: Unanswered;

  constructor(options: TurnsOptions) {
    this.#options = options;
    this.#responder = new Responder(options);
    this.#unanswered = new Unanswered(options.clock, (itemId) => this.#answerItem(itemId));
  }

  /** The reason not to take an item of the client, or null. Only those that are answered by themselves are counted. */
  overloadFor(entry: ConversationEntry): ApiProblem | null {
    if (!this.#unanswered.isFull && !this.#responder.isFull) return null;
    if (answeringOf(entry, this.#options.conversation) !== 'by itself') return null;
    return invalidRequest(
      'too_many_waiting_items',
      'Too many items wait for an answer; wait for a response.done.',
    );
  }

  /** Somebody began to speak. */
  speechStarted(mayInterrupt: boolean): void {
    this.#responder.hold();
    if (!mayInterrupt) return;
    this.#responder.cancel('turn_detected');
    this.#options.outputBuffer?.clear();
  }

  /** Nobody speaks any more; what has waited goes on. */
  speechEnded(): void {
    this.#responder.release();
  }

  /** Audio from the input buffer was put into the conversation. */
  audioAdded(itemId: string, isAnsweredByItself: boolean): void {
    if (isAnsweredByItself) this.#answerItem(itemId);
    else this.#unanswered.addOnDemand(itemId);
  }

  /** The client put an item into the conversation. */
  itemAdded(entry: ConversationEntry): void {
    if (this.#conversationSession() === null) return;
    const answering = answeringOf(entry, this.#options.conversation);
    if (answering === 'by itself') this.#unanswered.addText(entry.id);
    if (answering === 'on demand') this.#unanswered.addOnDemand(entry.id);
  }

  /** The client asks for a response. Gives the reason for which there is none, or null. */
  create(params: ResponseParams): ApiProblem | null {
    const session = this.#conversationSession();
    if (session === null)
      return invalidRequest('invalid_value', 'A session that only transcribes gives no responses.');
    const activeId = this.#responder.activeId;
    if (activeId !== null) {
      const message = `The response ${activeId} is still being given; there can be only one at a time.`;
      return invalidRequest('conversation_already_has_active_response', message);
    }
    const asked = this.#askedItem(params);
    if (!asked.ok) return asked.problem;
    const { entry } = asked;
    const offered = {
      tools: params.tools ?? session.tools,
      choice: params.tool_choice ?? session.tool_choice,
    };
    const answer = (): Answer =>
      entry === null ? wordsAnswer(SELF_DESCRIPTION) : answerTo(entry, this.#options.conversation, offered);
    this.#responder.startNow(request(session, { entry, answer, params }));
    return null;
  }

  /** The client wants the active response to stop. Gives the reason for which it does not, or null. */
  cancel(responseId: string | null): ApiProblem | null {
    if (this.#responder.cancel('client_cancelled', responseId)) return null;
    const message = 'There is no such response to cancel: none is being given, or another one is.';
    return invalidRequest('response_cancel_not_active', message, responseId === null ? null : 'response_id');
  }

  /** The session was quiet for as long as its idle timeout. */
  idled(): void {
    const session = this.#conversationSession();
    if (session === null || this.#responder.isFull) return;
    this.#responder.enqueue(request(session, { entry: null, answer: () => wordsAnswer(IDLE_TEXT) }));
  }

  dispose(): void {
    this.#unanswered.dispose();
    this.#responder.dispose();
  }

  /** Answers an item when its turn comes. It may be gone by then, so only its id is kept. */
  #answerItem(itemId: string): void {
    const session = this.#conversationSession();
    if (session === null) return;
    if (this.#responder.isFull) return this.#unanswered.addOnDemand(itemId);
    const { conversation } = this.#options;
    const answer = (): Answer => answerTo(conversation.find(itemId), conversation, this.#offeredTools());
    this.#responder.enqueue(request(session, { entry: conversation.find(itemId), answer }));
  }

  /** What a `response.create` refers to: its own input, or else the item that came last without an answer. */
  #askedItem({ input }: ResponseParams): EntryOutcome | { readonly ok: true; readonly entry: null } {
    const { conversation, newId } = this.#options;
    const last = input?.at(-1);
    if (last !== undefined && last.type !== 'item_reference') return createdEntry(last, newId);
    const itemId = last === undefined ? this.#unanswered.takeLatest() : last.id;
    const entry = itemId === null ? null : conversation.find(itemId);
    if (entry !== null || last === undefined) return { ok: true, entry };
    return {
      ok: false,
      problem: invalidRequest('item_not_found', 'There is no item with this id.', 'response.input'),
    };
  }

  #offeredTools(): OfferedTools {
    const session = this.#conversationSession();
    return { tools: session?.tools ?? [], choice: session?.tool_choice ?? 'none' };
  }

  #conversationSession(): ConversationSession | null {
    const session = this.#options.session();
    return session.type === 'realtime' ? session : null;
  }
}

interface Asked {
  readonly entry: ConversationEntry | null;
  readonly answer: () => Answer;
  readonly params?: ResponseParams;
}

function request(session: ConversationSession, { entry, answer, params = {} }: Asked): ResponseRequest {
  const modalities = params.output_modalities ?? session.output_modalities;
  return {
    answer,
    modality: modalities[0] ?? 'audio',
    voice: session.audio.output.voice,
    isInConversation: params.conversation !== 'none',
    metadata: params.metadata ?? null,
    inputTokens: inputTokensOf(entry),
  };
}
