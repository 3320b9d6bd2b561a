import { VoiceCall, VoiceCallError } from '../../client/browser/index.ts';
import type { BrowserClient, VoiceCallEnd, VoiceCallEvents } from '../../client/browser/index.ts';
import { Transcript } from '../conversation/index.ts';
import type { Log } from '../conversation/index.ts';
import { byId, showState } from '../dom.ts';
import { errorMessage } from '../../util/errors.ts';
import { LevelMeter } from './level-meter.ts';
import type { CallSettings } from './settings.ts';
import type { TimelineView } from './timeline-view.ts';

/** Where the page's server has the code that runs on the browser's audio thread. */
const WORKLET_URL = 'audio-worklet.js';

export interface CallPanelOptions {
  readonly client: () => BrowserClient;
  readonly log: Log;
  readonly settings: CallSettings;
  /** The thread that talks; begins one if none is open. */
  readonly openThread: () => Promise<string>;
  readonly timeline: TimelineView;
  /** A call can be typed into, or cannot any more. */
  readonly onLive: (isLive: boolean) => void;
}

type PanelState = 'idle' | 'starting' | 'live' | 'stopping' | 'failed';

const STATE_WORDS: Readonly<Record<PanelState, string>> = {
  idle: 'no call',
  starting: 'starting',
  live: 'live',
  stopping: 'ending',
  failed: 'failed',
};

/** How a call ended, in words; what is missing needs none. */
const END_WORDS: Readonly<Record<string, string>> = {
  requested: 'The call has ended.',
  transport_closed: 'The service closed the call.',
  replaced: 'Another call took the place of this one.',
  disconnected: 'The call ended with the connection to the daemon.',
  unconfirmed: 'The call has ended; the daemon did not confirm it.',
};

/** The call: its buttons, its state, its levels, and what both sides say. There is one at a time. */
export class CallPanel {
  readonly #options: CallPanelOptions;
  readonly #state = byId('call-state');
  readonly #talk = byId('talk', HTMLButtonElement);
  readonly #mute = byId('mute', HTMLButtonElement);
  readonly #interrupt = byId('interrupt', HTMLButtonElement);
  readonly #problem = byId('call-problem');
  readonly #levels = { user: new LevelMeter('input-level'), assistant: new LevelMeter('output-level') };
  readonly #transcripts: Readonly<Record<'user' | 'assistant', Transcript>>;
  #call: VoiceCall | null = null;
  #starting: AbortController | null = null;

  constructor(options: CallPanelOptions) {
    this.#options = options;
    this.#transcripts = {
      user: new Transcript(options.log, 'you'),
      assistant: new Transcript(options.log, 'voice'),
    };
    this.#talk.addEventListener('click', () => void (this.isOn ? this.stop() : this.#start()));
    this.#mute.addEventListener('click', () => this.#setMuted(this.#call?.isMuted !== true));
    this.#interrupt.addEventListener('click', () => this.#call?.interrupt());
    this.#show('idle');
  }

  /** Whether there is a call, or one is starting. */
  get isOn(): boolean {
    return this.#call !== null || this.#starting !== null;
  }

  /** Says something in the call by writing it. */
  async sendText(text: string): Promise<void> {
    if (this.#call === null) return;
    await this.#call.sendText(text);
    this.#options.log.add('you').entitle('You', 'typed into the call').write(text);
  }

  /** Ends the call, or gives up starting it. Resolves when nothing of it is left open. */
  async stop(): Promise<void> {
    this.#starting?.abort();
    await this.#call?.stop();
  }

  async #start(): Promise<void> {
    const { client, openThread, settings, timeline } = this.#options;
    const starting = new AbortController();
    this.#starting = starting;
    this.#tellProblem(null);
    this.#show('starting');
    try {
      const { deviceId, modality, transport, version, voice } = settings.choices;
      const threadId = await openThread();
      const call = await VoiceCall.start({
        client: client(),
        threadId,
        transport,
        outputModality: modality,
        version,
        voice,
        ...(deviceId === null ? {} : { deviceId }),
        workletUrl: WORKLET_URL,
        timeline: timeline.begin(),
        signal: starting.signal,
        on: this.#events(version),
      });
      this.#call = call;
      this.#show('live');
      this.#options.onLive(true);
      void settings.listMicrophones();
      void call.closed.then((end) => this.#ended(end));
    } catch (error) {
      const wasGivenUp = error instanceof VoiceCallError && error.reason === 'aborted';
      timeline.end();
      if (!wasGivenUp) this.#tellProblem(errorMessage(error));
      this.#show(wasGivenUp ? 'idle' : 'failed');
    } finally {
      this.#starting = null;
    }
  }

  #events(version: 'v1' | 'v2'): VoiceCallEvents {
    const { assistant, user } = this.#transcripts;
    return {
      state: (state) => {
        if (state === 'stopping') this.#show('stopping');
      },
      level: (side, value) => this.#levels[side].show(value),
      transcriptDelta: (role, delta) => {
        // Version 1 tells no end of a transcript: that the other side begins is the end of it.
        if (version === 'v1') this.#transcripts[role === 'user' ? 'assistant' : 'user'].abandon();
        (role === 'user' ? user : assistant).add(delta);
      },
      transcriptDone: (role, text) => (role === 'user' ? user : assistant).finish(text),
      error: (message) => this.#options.log.problem('Error of the call', message),
    };
  }

  #ended({ errorMessage: problem, reason }: VoiceCallEnd): void {
    this.#call = null;
    for (const side of ['user', 'assistant'] as const) {
      this.#transcripts[side].abandon();
      this.#levels[side].show(0);
    }
    this.#tellProblem(problem);
    this.#options.timeline.end();
    this.#options.log.note(END_WORDS[reason] ?? 'The call has ended with an error.');
    this.#show(problem === null ? 'idle' : 'failed');
    this.#options.onLive(false);
  }

  #setMuted(isMuted: boolean): void {
    this.#call?.mute(isMuted);
    this.#mute.setAttribute('aria-pressed', String(isMuted));
    this.#mute.textContent = isMuted ? 'Muted' : 'Mute';
  }

  #show(state: PanelState): void {
    showState(this.#state, state, STATE_WORDS[state]);
    const isOn = state !== 'idle' && state !== 'failed';
    showState(this.#talk, state, isOn ? 'End the call' : 'Talk');
    this.#talk.disabled = state === 'stopping';
    this.#mute.disabled = state !== 'live';
    this.#interrupt.disabled = state !== 'live';
    if (!isOn) this.#setMuted(false);
  }

  #tellProblem(text: string | null): void {
    this.#problem.hidden = text === null;
    this.#problem.textContent = text;
  }
}
