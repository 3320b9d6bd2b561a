import type { RealtimeCall } from '../../client/index.ts';
import { deferred } from '../../util/deferred.ts';
import { FRAME_BYTES, SAMPLE_RATE } from './audio-format.ts';
import type { AgentWork } from './agent-work.ts';
import type { AudioSource } from './audio-source.ts';
import type { CallProgress } from './call-progress.ts';
import type { Clock } from './clock.ts';
import type { Ending } from './ending.ts';
import { runMicrophone } from './microphone.ts';
import type { Input } from './options.ts';
import type { Screen } from './screen.ts';
import { TypedLines } from './typed-lines.ts';

/** How often the screen is drawn and the end of the call is looked for. */
const TICK_MS = 100;

/** Typed lines that may wait to be sent. */
const MAX_UNSENT_LINES = 64;

export interface ConversationOptions {
  readonly call: RealtimeCall;
  readonly progress: CallProgress;
  readonly work: AgentWork;
  readonly source: AudioSource | null;
  readonly texts: readonly string[];
  /** Where typed lines come from; null to take none. */
  readonly stdin: Input | null;
  /** Whether the end of the typed lines is the end of the input. */
  readonly endsWithLines: boolean;
  readonly screen: Screen;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  readonly interrupt: () => void;
  /** Ends the conversation with a failure that happened elsewhere. */
  readonly failed: Promise<Error>;
}

/** The live part of a call: sends audio and text, keeps the screen up to date, and waits for the end. */
export async function converse(options: ConversationOptions): Promise<Ending> {
  const { call, progress, work, source, screen, clock, signal } = options;
  const over = new AbortController();
  const ending = deferred<Ending>();
  const fail = (error: unknown): void => ending.resolve({ kind: 'failed', error });
  const stop = (): void => ending.resolve({ kind: 'stopped' });
  signal.addEventListener('abort', stop, { once: true });
  if (signal.aborted) stop();
  void call.closed.then(() => ending.resolve({ kind: 'closed' }));
  void options.failed.then(fail);

  const outbox = new Outbox(call, progress, fail);
  const lines = listen(options, outbox, stop);
  const show = (): void => {
    screen.update({
      state: progress.state,
      level: source === null ? null : progress.level,
      ...progress.transcripts,
      agent: work.view,
      typed: lines?.typed ?? '',
    });
  };
  const microphone =
    source === null
      ? Promise.resolve()
      : runMicrophone({
          source,
          send: (pcm) => call.appendAudio({ pcm, sampleRate: SAMPLE_RATE, numChannels: 1 }),
          onFrame: (rms) => progress.frameSent(FRAME_BYTES, rms),
          onEnded: () => progress.inputEnded(),
          clock,
          signal: over.signal,
        }).catch(fail);
  const watch = async (): Promise<void> => {
    while (!over.signal.aborted) {
      const verdict = progress.verdict();
      if (verdict !== 'goOn') ending.resolve({ kind: verdict });
      show();
      await clock.sleep(TICK_MS, over.signal);
    }
  };
  const watching = watch().catch(fail);
  const said = sayAll(options.texts, outbox).then(() => {
    if (source === null && options.stdin === null) progress.inputEnded();
  });

  const result = await ending.promise;
  over.abort();
  signal.removeEventListener('abort', stop);
  lines?.close();
  screen.update({ state: 'stopping', level: null, ...progress.transcripts, agent: '', typed: '' });
  // A frame or a text that waits for its answer is let go when the call is stopped.
  void Promise.allSettled([microphone, watching, said]);
  return result;
}

/** Sends texts one after the other. */
class Outbox {
  readonly #call: RealtimeCall;
  readonly #progress: CallProgress;
  readonly #fail: (error: unknown) => void;
  #last: Promise<void> = Promise.resolve();
  #unsent = 0;

  constructor(call: RealtimeCall, progress: CallProgress, fail: (error: unknown) => void) {
    this.#call = call;
    this.#progress = progress;
    this.#fail = fail;
  }

  get isFull(): boolean {
    return this.#unsent >= MAX_UNSENT_LINES;
  }

  /** Resolves when the text was taken. A failure ends the conversation. */
  send(text: string): Promise<void> {
    this.#unsent += 1;
    this.#last = this.#last.then(async () => {
      try {
        this.#progress.textSent();
        await this.#call.appendText(text);
      } catch (error) {
        this.#fail(error);
      } finally {
        this.#unsent -= 1;
      }
    });
    return this.#last;
  }
}

async function sayAll(texts: readonly string[], outbox: Outbox): Promise<void> {
  for (const text of texts) await outbox.send(text);
}

function listen(options: ConversationOptions, outbox: Outbox, stop: () => void): TypedLines | null {
  const { stdin, screen, progress } = options;
  if (stdin === null) return null;
  let isStopped = false;
  const isEdited = stdin.isTTY === true && screen.isLive;
  return new TypedLines({
    stdin,
    isEdited,
    onLine: async (line) => {
      const text = line.trim();
      if (text === '/stop' || text === '/quit') {
        isStopped = true;
        stop();
      }
      if (isStopped || text === '') return;
      // The line leaves the place where it was typed.
      if (isEdited) screen.remark(`> ${text}`);
      if (outbox.isFull) screen.remark('too many lines wait to be sent; the last one was left out');
      else await outbox.send(text);
    },
    onEnd: () => {
      if (options.endsWithLines) progress.inputEnded();
    },
    onInterrupt: options.interrupt,
  });
}
