import { EventEmitter } from 'node:events';
import type { WebSocket } from 'ws';
import { isStopRequest } from '../../../../src/core/conversation/delegation.ts';
import type { Delegation } from '../../../../src/core/conversation/delegation.ts';
import { LiveSession } from '../../../../src/core/conversation/live-session.ts';
import type { Delegate } from '../../../../src/core/conversation/live-session.ts';
import type { TurnStatus } from '../../../../src/protocol/index.ts';
import { WebSocketConnection } from '../../../../src/realtime/socket.ts';
import type { WireVersion } from '../../../../src/realtime/index.ts';
import { Redactor } from '../../../../src/util/redactor.ts';

type Frame = Readonly<Record<string, unknown>> & { readonly type: string };
type Routed = Awaited<ReturnType<Delegate>>;

const ignore = (): void => {};

/** As much of a WebSocket as a realtime socket uses. */
class FakeWebSocket extends EventEmitter {
  readyState = 1;
  readonly bufferedAmount = 0;
  readonly #onFrame: (frame: Frame) => void;

  constructor(onFrame: (frame: Frame) => void) {
    super();
    this.#onFrame = onFrame;
  }

  readonly pause = ignore;
  readonly resume = ignore;

  send(text: string, onWritten: () => void): void {
    this.#onFrame(JSON.parse(text) as Frame);
    onWritten();
  }

  close(): void {
    this.readyState = 2;
  }
}

interface CallState {
  readonly isSilence: boolean;
  answers: number;
  /** Whether the agent has been given it, and whether the agent has dealt with it. */
  isDelegated: boolean;
  isSettled: boolean;
  /** The turn that took it. */
  turnId: string | null;
  /** Whether nothing may be said for it any more. */
  isOver: boolean;
}

interface WaitingRequest {
  readonly request: string;
  readonly call: CallState | undefined;
  readonly settle: (routed: Promise<Routed>) => void;
}

/** How often something happened, so that a test can see that it did not pass for want of it. */
export interface Seen {
  refusals: number;
  failures: number;
  steers: number;
  flushes: number;
  ends: number;
}

/**
 * A session between a scripted upstream and a scripted agent, with the rules that must hold whatever they do. What breaks
 * a rule is noted in `broken`.
 */
export class SessionWorld {
  readonly broken: string[] = [];
  readonly #version: WireVersion;
  readonly #seen: Seen;
  readonly #socket: FakeWebSocket;
  readonly #session: LiveSession;
  readonly #calls = new Map<string, CallState>();
  readonly #waiting: WaitingRequest[] = [];
  #turn: { readonly id: string; isRunning: boolean } | null = null;
  #count = 0;
  /** The response that the upstream makes. */
  #active: string | null = null;
  #lastFinished: string | null = null;
  /** How many wishes for a response the upstream has not answered. */
  #unanswered = 0;
  #isWanted = false;
  /** The call that asked to stop, while the agent deals with it: its answer speaks for the work that it stops. */
  #stopCall: CallState | null = null;
  #hasEnded = false;

  constructor(version: WireVersion, seen: Seen) {
    this.#version = version;
    this.#seen = seen;
    this.#socket = new FakeWebSocket((frame) => this.#receive(frame));
    this.#session = new LiveSession({
      threadId: 'thread',
      version,
      socket: new WebSocketConnection(this.#socket as unknown as WebSocket),
      emit: () => this.#rule(!this.#hasEnded, 'an event after the end'),
      logger: { debug: ignore, info: ignore, warn: ignore, error: ignore },
      redactor: new Redactor(),
      now: () => 0,
      onEnd: () => {
        this.#rule(!this.#hasEnded, 'a second end');
        this.#hasEnded = true;
      },
      onUtterance: ignore,
      delegate: (delegation) => this.#delegate(delegation),
    });
    this.#session.listen();
  }

  get #hasResponses(): boolean {
    return this.#version.responseCreate !== null;
  }

  /** Lets what was begun go on, and looks whether all is as it must be between two steps. */
  async rest(): Promise<void> {
    await new Promise((resolve) => setImmediate(resolve));
    this.#rule(this.#turn?.isRunning !== false, 'a turn was begun and not run');
    const isFree = this.#active === null && this.#unanswered === 0;
    this.#rule(this.#hasEnded || !this.#isWanted || !isFree, 'a response that is wanted was not asked for');
  }

  /** Ends everything that is under way, and looks whether every call was answered. */
  async finish(): Promise<void> {
    while (this.#waiting.length > 0 || this.#turn !== null) {
      this.take();
      await this.rest();
      if (this.#waiting.length === 0) this.endTurn('completed');
      await this.rest();
    }
    for (let round = 0; round < 3; round += 1) {
      this.endResponse('done');
      this.answerCreate('made');
      await this.rest();
    }
    this.endResponse('done');
    if (this.#hasEnded) return;
    this.#rule(this.#unanswered === 0 && !this.#isWanted, 'a response is still waited for');
    for (const [callId, { answers }] of this.#calls) {
      const isRight = this.#version.answersByMessages ? answers >= 1 : answers === 1;
      this.#rule(isRight, `${callId} was answered ${answers} times`);
    }
  }

  /** The upstream says something that has nothing to do with calls. */
  say(...events: Frame[]): void {
    for (const event of events) this.#socket.emit('message', Buffer.from(JSON.stringify(event)), false);
  }

  /** The voice model calls. */
  call(request: string): void {
    const callId = this.#newCall(false);
    if (this.#version.name === 'v1') {
      this.say({
        type: 'conversation.handoff.requested',
        handoff_id: callId,
        item_id: `item_${callId}`,
        input_transcript: request,
      });
    } else
      this.#toolCall('background_agent', callId, request === '' ? '{}' : JSON.stringify({ prompt: request }));
  }

  callForSilence(): void {
    if (this.#version.name === 'v2') this.#toolCall('remain_silent', this.#newCall(true), '{}');
  }

  /** The upstream responds to speech of its own accord, if it does not respond already. */
  respondToSpeech(): void {
    if (this.#active === null) this.#makeResponse();
  }

  /** The upstream comes to a wish for a response: it grants it, cannot, or refuses because one is active. */
  answerCreate(how: 'made' | 'failed'): void {
    if (this.#unanswered === 0) return;
    this.#unanswered -= 1;
    if (this.#active !== null) {
      this.#seen.refusals += 1;
      this.#isWanted = true;
      this.#error({ code: 'conversation_already_has_active_response' });
    } else if (how === 'failed') {
      this.#seen.failures += 1;
      this.#error({ code: 'invalid_value' });
    } else this.#makeResponse();
  }

  /** A response ends. What the upstream was sent before that it has answered before. */
  endResponse(how: 'done' | 'cancelled' | 'both'): void {
    if (this.#active === null) return;
    while (this.#unanswered > 0) this.answerCreate('made');
    const response = { id: this.#active };
    this.#lastFinished = this.#active;
    this.#active = null;
    if (this.#isWanted) this.#seen.flushes += 1;
    if (how !== 'done') this.say({ type: 'response.cancelled', response });
    if (how !== 'cancelled') this.say({ type: 'response.done', response });
  }

  /** The upstream repeats how the last response ended. */
  repeatEnd(): void {
    if (this.#lastFinished !== null) this.say({ type: 'response.done', response_id: this.#lastFinished });
  }

  /** Something fails that has nothing to do with a wish for a response. */
  failElsewhere(): void {
    if (this.#unanswered === 0) this.#error({ code: 'item_truncate_invalid_item_id' });
  }

  /** The agent comes to a request: it stops, steers the turn that runs, or begins one. */
  take(): void {
    const next = this.#waiting.shift();
    if (next === undefined) return;
    if (next.call !== undefined) next.call.isSettled = true;
    if (isStopRequest(next.request)) {
      const wasRunning = this.#turn !== null;
      this.endTurn('interrupted');
      return next.settle(Promise.resolve({ outcome: { kind: 'stopped', wasRunning }, run: ignore }));
    }
    if (this.#turn !== null) this.#seen.steers += 1;
    const turn = this.#turn ?? this.#newTurn();
    if (next.call !== undefined) next.call.turnId = turn.id;
    next.settle(
      Promise.resolve({ outcome: { kind: 'taken', turnId: turn.id }, run: () => (turn.isRunning = true) }),
    );
  }

  /** The agent cannot take a request. */
  refuse(): void {
    const next = this.#waiting.shift();
    if (next?.call !== undefined) next.call.isSettled = true;
    next?.settle(Promise.reject(new Error('the agent has gone')));
  }

  /** The user types something while the agent does nothing. */
  startTypedTurn(): void {
    if (this.#turn === null) this.#newTurn().isRunning = true;
  }

  agentSays(text: string): void {
    if (this.#turn?.isRunning === true) this.#session.agentMessage(this.#turn.id, text);
  }

  endTurn(status: Exclude<TurnStatus, 'inProgress'>): void {
    const turn = this.#turn;
    if (turn === null) return;
    this.#turn = null;
    this.#session.turnEnded(turn.id, status, status === 'failed' ? 'no network' : null);
    for (const call of this.#calls.values()) if (call.turnId === turn.id) call.isOver = true;
  }

  userAppends(text: string): void {
    if (this.#hasEnded) return;
    this.#session.sendText(text);
    this.#session.mirrorText(text);
    this.#session.sendAudio('AAAA');
  }

  /** The session ends, of itself or because it has to. */
  end(how: 'disposed' | 'closed' | 'lost' | 'binary' | 'fatal'): void {
    this.#seen.ends += 1;
    switch (how) {
      case 'disposed':
        this.#session.dispose();
        this.#hasEnded = true;
        return;
      case 'closed':
        this.#socket.emit('close', 1000);
        return;
      case 'lost':
        this.#socket.emit('close', 1006);
        return;
      case 'binary':
        this.#socket.emit('message', Buffer.from('AA'), true);
        return;
      case 'fatal':
        this.say({ type: 'error', error: { type: 'server_error', message: 'upstream boom' } });
    }
  }

  #rule(holds: boolean, otherwise: string): void {
    if (!holds) this.broken.push(otherwise);
  }

  #receive(frame: Frame): void {
    this.#rule(!this.#hasEnded, `${frame.type} was sent after the end`);
    if (frame.type === 'response.create') return this.#receiveCreate();
    if (frame.type === 'conversation.handoff.append') return this.#receiveAppend(frame);
    if (frame.type !== 'conversation.item.create') return;
    const item = frame['item'] as Readonly<Record<string, unknown>>;
    if (item['type'] === 'function_call_output') return this.#receiveOutput(item);
    const isReport = JSON.stringify(item).includes('[BACKEND] ');
    this.#rule(!isReport || this.#isWorking(), 'a report for which no call waits');
  }

  #receiveCreate(): void {
    this.#rule(this.#hasResponses, 'a wish for a response where there is none');
    this.#rule(this.#isWanted, 'a response that nobody wants');
    this.#rule(this.#active === null, 'a wish for a response while one is active');
    this.#rule(this.#unanswered === 0, 'a second wish for a response');
    this.#isWanted = false;
    this.#unanswered += 1;
  }

  #receiveOutput({ call_id: callId, output }: Readonly<Record<string, unknown>>): void {
    const call = this.#calls.get(String(callId));
    this.#rule(this.#version.name === 'v2', 'an output where there are no tools');
    this.#rule(call?.answers === 0, `${String(callId)} was answered again`);
    this.#rule(call?.isSilence === (output === ''), `an answer with \`${String(output)}\``);
    if (call === undefined) return;
    this.#checkRefusal(String(output));
    call.answers += 1;
    const isSpokenFor = this.#stopCall !== null && String(output).includes('stopped before');
    if (call === this.#stopCall) this.#stopCall = null;
    if (!call.isSilence && !isSpokenFor) this.#isWanted = true;
  }

  #receiveAppend({ handoff_id: callId, output_text: words }: Frame): void {
    const call = this.#calls.get(String(callId));
    this.#checkRefusal(String(words));
    this.#rule(this.#version.name === 'v1', 'an append where there are tools');
    this.#rule(call?.isOver === false, `${String(callId)} was told something after its end`);
    if (call === undefined) return;
    call.answers += 1;
    call.isOver = call.turnId === null;
  }

  /** Only what comes when many calls wait is refused for that. */
  #checkRefusal(words: string): void {
    if (!words.includes('too many requests')) return;
    const waiting = [...this.#calls.values()].filter(
      ({ answers, isSettled, isSilence }) => answers === 0 && !isSettled && !isSilence,
    );
    this.#rule(waiting.length > 32, 'a call was refused although few wait');
  }

  /** Whether a call of version 2 waits for the turn that runs. */
  #isWorking(): boolean {
    const turnId = this.#turn?.id;
    return [...this.#calls.values()].some((call) => call.turnId === turnId && call.answers === 0);
  }

  #toolCall(name: string, callId: string, callArguments: string): void {
    const item = {
      type: 'function_call',
      id: `item_${callId}`,
      name,
      call_id: callId,
      arguments: callArguments,
    };
    this.say({ type: 'conversation.item.added', item }, { type: 'conversation.item.done', item });
  }

  #makeResponse(): void {
    this.#count += 1;
    this.#active = `resp_${this.#count}`;
    this.say({ type: 'response.created', response: { id: this.#active } });
  }

  #error(error: object): void {
    this.say({ type: 'error', error: { type: 'invalid_request_error', message: 'no', ...error } });
  }

  #newTurn(): { readonly id: string; isRunning: boolean } {
    this.#count += 1;
    this.#turn = { id: `turn_${this.#count}`, isRunning: false };
    return this.#turn;
  }

  #newCall(isSilence: boolean): string {
    this.#count += 1;
    const callId = `call_${this.#count}`;
    this.#calls.set(callId, {
      isSilence,
      answers: 0,
      isDelegated: false,
      isSettled: false,
      turnId: null,
      isOver: false,
    });
    return callId;
  }

  /** Calls are handed over in their order; one that is not handed over is answered before. */
  #delegate({ request }: Delegation): Promise<Routed> {
    const call = [...this.#calls.values()].find(
      ({ answers, isDelegated, isSilence }) => answers === 0 && !isDelegated && !isSilence,
    );
    this.#rule(call !== undefined, 'a request of no call');
    if (call !== undefined) call.isDelegated = true;
    if (call !== undefined && isStopRequest(request)) this.#stopCall = call;
    return new Promise((resolve) => this.#waiting.push({ request, call, settle: resolve }));
  }
}
