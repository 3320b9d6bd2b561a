import { compileFunction } from 'node:vm';
import { vi } from 'vitest';
import { audioWorkletSource } from '../../../src/client/browser/index.ts';
import { PageWebSocket } from './page-web-socket.ts';

const SAMPLE_RATE = 48_000;
const QUANTUM = 128;

interface Processor {
  process(inputs: Float32Array[][], outputs: Float32Array[][]): boolean;
}

type ProcessorClass = new (options: { processorOptions: unknown }) => Processor;

/** Things of a page that a call opens, and that have to be let go of. */
type Open = Set<string>;

class FakeTrack extends EventTarget {
  enabled = true;
  readonly kind = 'audio';
  readonly #open: Open;
  readonly #name: string;

  constructor(open: Open, name: string) {
    super();
    this.#open = open;
    this.#name = name;
    open.add(name);
  }

  stop(): void {
    this.#open.delete(this.#name);
  }

  /** The device is gone. */
  unplug(): void {
    this.dispatchEvent(new Event('ended'));
  }
}

class FakeStream {
  readonly track: FakeTrack;
  readonly #open: Open;

  constructor(open: Open, name: string) {
    this.#open = open;
    this.track = new FakeTrack(open, name);
  }

  getTracks(): FakeTrack[] {
    return [this.track];
  }

  getAudioTracks(): FakeTrack[] {
    return [this.track];
  }

  clone(): FakeStream {
    return new FakeStream(this.#open, 'copied track');
  }
}

/** A node of the audio graph that counts as open while it is connected. */
class FakeNode {
  fftSize = 0;
  readonly #open: Open;
  readonly #name: string;

  constructor(open: Open, name: string) {
    this.#open = open;
    this.#name = name;
  }

  connect<T>(target: T): T {
    this.#open.add(this.#name);
    return target;
  }

  disconnect(): void {
    this.#open.delete(this.#name);
  }

  getFloatTimeDomainData(): void {}
}

/** A peer connection of which the test plays the service. */
export class FakePeer extends EventTarget {
  iceGatheringState = 'new';
  connectionState = 'new';
  localDescription: { sdp: string } | null = null;
  remoteSdp: string | null = null;
  readonly tracks: unknown[] = [];
  readonly channel = Object.assign(new EventTarget(), {
    label: '',
    readyState: 'connecting',
    sent: [] as string[],
    send(message: string): void {
      this.sent.push(message);
    },
  });
  readonly #open: Open;

  constructor(open: Open) {
    super();
    this.#open = open;
    open.add('peer');
  }

  createDataChannel(label: string): unknown {
    return Object.assign(this.channel, { label });
  }

  addTrack(track: unknown): void {
    this.tracks.push(track);
  }

  addTransceiver(kind: string, { direction }: { direction: string }): void {
    this.tracks.push(`${kind} ${direction}`);
  }

  createOffer(): Promise<{ sdp: string }> {
    return Promise.resolve({ sdp: 'v=offer' });
  }

  setLocalDescription({ sdp }: { sdp: string }): Promise<void> {
    this.localDescription = { sdp };
    // Later than anything that does not wait for it.
    setTimeout(() => {
      this.localDescription = { sdp: `${sdp} with candidates` };
      this.iceGatheringState = 'complete';
      this.dispatchEvent(new Event('icegatheringstatechange'));
    }, 0);
    return Promise.resolve();
  }

  setRemoteDescription({ sdp }: { sdp: string }): Promise<void> {
    if (sdp === 'bad') return Promise.reject(new Error('it cannot be read'));
    this.remoteSdp = sdp;
    return Promise.resolve();
  }

  become(state: string): void {
    this.connectionState = state;
    this.dispatchEvent(new Event('connectionstatechange'));
  }

  openChannel(): void {
    this.channel.readyState = 'open';
  }

  say(event: object): void {
    this.channel.dispatchEvent(new MessageEvent('message', { data: JSON.stringify(event) }));
  }

  close(): void {
    this.#open.delete('peer');
    this.channel.dispatchEvent(new Event('close'));
  }
}

/** What a call needs of a page, as far as it can be had outside a browser. The worklets run for real. */
export class FakePage {
  readonly open: Open = new Set();
  readonly streams: FakeStream[] = [];
  readonly peers: FakePeer[] = [];
  readonly audioElement = {
    autoplay: false,
    muted: false,
    srcObject: null as unknown,
    play: () => Promise.resolve(),
    pause: () => {},
  };
  /** Set to make the microphone fail, or wait. */
  getUserMedia: () => Promise<unknown> = () => Promise.resolve(this.stream());
  /** Set to make the audio never begin. */
  resume: () => Promise<void> = () => Promise.resolve();
  readonly window = new EventTarget();
  readonly #processors = new Map<string, { readonly processor: Processor; readonly ports: MessageChannel }>();

  constructor() {
    const { open, peers } = this;
    const resume = (): Promise<void> => this.resume();
    const addProcessor = (name: string, processorOptions: unknown): MessagePort =>
      this.#addProcessor(name, processorOptions);
    vi.stubGlobal('WebSocket', PageWebSocket);
    vi.stubGlobal('window', this.window);
    vi.stubGlobal('document', { createElement: () => this.audioElement });
    vi.stubGlobal('navigator', { mediaDevices: { getUserMedia: () => this.getUserMedia() } });
    vi.stubGlobal(
      'RTCPeerConnection',
      class extends FakePeer {
        constructor() {
          super(open);
          peers.push(this);
        }
      },
    );
    vi.stubGlobal(
      'AudioContext',
      class {
        readonly sampleRate = SAMPLE_RATE;
        readonly destination = { maxChannelCount: 2 };
        readonly audioWorklet = { addModule: () => Promise.resolve() };

        constructor() {
          open.add('audio context');
        }

        resume(): Promise<void> {
          return resume();
        }

        createMediaStreamSource(): FakeNode {
          return new FakeNode(open, 'source');
        }

        createAnalyser(): FakeNode {
          return new FakeNode(open, 'analyser');
        }

        close(): Promise<void> {
          open.delete('audio context');
          open.delete('analyser');
          return Promise.resolve();
        }
      },
    );
    vi.stubGlobal(
      'AudioWorkletNode',
      class extends FakeNode {
        readonly port: MessagePort;

        constructor(_context: unknown, name: string, { processorOptions }: { processorOptions: unknown }) {
          super(open, name);
          this.port = addProcessor(name, processorOptions);
        }
      },
    );
  }

  stream(): FakeStream {
    const stream = new FakeStream(this.open, 'track');
    this.streams.push(stream);
    return stream;
  }

  /** The page goes away. */
  hide(): void {
    this.window.dispatchEvent(new Event('pagehide'));
  }

  /** The microphone hears so many milliseconds of one value. */
  async speak(milliseconds: number, value: number): Promise<void> {
    const { processor } = this.#processors.get('parley-microphone')!;
    for (let frames = 0; frames < (milliseconds * SAMPLE_RATE) / 1_000; frames += QUANTUM) {
      processor.process([[new Float32Array(QUANTUM).fill(value)]], [[]]);
    }
    await this.settle();
  }

  /** Lets the loudspeaker play so many milliseconds, and gives the share of them that was not silence. */
  async play(milliseconds: number): Promise<number> {
    const { processor } = this.#processors.get('parley-speaker')!;
    let heard = 0;
    let frames = 0;
    for (; frames < (milliseconds * SAMPLE_RATE) / 1_000; frames += QUANTUM) {
      const output = [new Float32Array(QUANTUM), new Float32Array(QUANTUM)];
      processor.process([], [output]);
      heard += output[1]!.filter((sample) => sample !== 0).length;
      await this.settle();
    }
    return heard / frames;
  }

  /** Lets the loudspeaker play its next samples, of which nobody has heard yet. */
  playUnheard(frames: number): void {
    const { processor } = this.#processors.get('parley-speaker')!;
    processor.process([], [[new Float32Array(frames)]]);
  }

  /** Waits until what was posted to and by the worklets has arrived: a message of the test arrives behind it. */
  async settle(): Promise<void> {
    for (let round = 0; round < 2; round += 1) {
      const { port1, port2 } = new MessageChannel();
      await new Promise((resolve) => {
        port2.addEventListener('message', resolve, { once: true });
        port2.start();
        port1.postMessage(null);
      });
      port1.close();
    }
  }

  /** Takes down what a browser would take down itself. */
  close(): void {
    for (const { ports } of this.#processors.values()) ports.port1.close();
    vi.unstubAllGlobals();
  }

  #addProcessor(name: string, processorOptions: unknown): MessagePort {
    const ports = new MessageChannel();
    const classes = new Map<string, ProcessorClass>();
    // The worklet module as a browser would run it, with the two names that its scope has.
    const run = compileFunction(audioWorkletSource(), ['AudioWorkletProcessor', 'registerProcessor']) as (
      base: unknown,
      register: (name: string, processor: ProcessorClass) => void,
    ) => void;
    run(
      class {
        readonly port = ports.port2;
      },
      (registered, processor) => classes.set(registered, processor),
    );
    const processor = new (classes.get(name)!)({ processorOptions });
    this.#processors.set(name, { processor, ports });
    return ports.port1;
  }
}
