/** The names of the processors of `audioWorkletSource`. */
export const MICROPHONE_PROCESSOR = 'parley-microphone';
export const SPEAKER_PROCESSOR = 'parley-speaker';

/** What the speaker says when it has played something. */
export interface PlayedReport {
  /** How often the speaker had been cleared. */
  readonly epoch: number;
  readonly frames: number;
  /** Root mean square of what was played, as a part of full scale. */
  readonly rms: number;
}

/** What the speaker is told: to play samples behind those it has, or to throw them away. */
export type SpeakerMessage =
  | { readonly kind: 'play'; readonly samples: Float32Array }
  | { readonly kind: 'clear'; readonly epoch: number }
  | { readonly kind: 'end' };

/**
 * The JavaScript of the two audio worklets. It is text because a worklet is a module of its own, which a page has to load
 * from an address. Calls load it from a `blob:` address; serve this text as a file and name it as `workletUrl` where the
 * page's policy has no `blob:` in `script-src`.
 */
export function audioWorkletSource(): string {
  return SOURCE;
}

// The microphone posts blocks of one channel. A microphone that is not connected is silence, so that time goes on.
// The speaker plays what it is posted and says how much it has played, a few hundred times in ten seconds.
const SOURCE = `
class Microphone extends AudioWorkletProcessor {
  constructor({ processorOptions }) {
    super();
    this.block = new Float32Array(processorOptions.blockFrames);
    this.filled = 0;
    this.hasEnded = false;
    this.port.onmessage = () => { this.hasEnded = true; };
  }
  process([channels]) {
    const frames = channels.length === 0 ? 128 : channels[0].length;
    for (let frame = 0; frame < frames; frame += 1) {
      let sum = 0;
      for (const channel of channels) sum += channel[frame];
      this.block[this.filled] = channels.length === 0 ? 0 : sum / channels.length;
      this.filled += 1;
      if (this.filled === this.block.length) {
        const full = this.block;
        this.block = new Float32Array(full.length);
        this.filled = 0;
        this.port.postMessage(full, [full.buffer]);
      }
    }
    return !this.hasEnded;
  }
}
class Speaker extends AudioWorkletProcessor {
  constructor({ processorOptions }) {
    super();
    this.reportFrames = processorOptions.reportFrames;
    this.queue = [];
    this.offset = 0;
    this.epoch = 0;
    this.played = 0;
    this.squares = 0;
    this.hasEnded = false;
    this.port.onmessage = ({ data }) => {
      if (data.kind === 'play') this.queue.push(data.samples);
      else if (data.kind === 'end') this.hasEnded = true;
      else {
        this.queue = [];
        this.offset = 0;
        this.epoch = data.epoch;
        this.played = 0;
        this.squares = 0;
      }
    };
  }
  process(inputs, [channels]) {
    const [first, ...others] = channels;
    let frame = 0;
    while (frame < first.length && this.queue.length > 0) {
      const sample = this.queue[0][this.offset];
      first[frame] = sample;
      frame += 1;
      this.squares += sample * sample;
      this.offset += 1;
      if (this.offset < this.queue[0].length) continue;
      this.queue.shift();
      this.offset = 0;
    }
    first.fill(0, frame);
    for (const channel of others) channel.set(first);
    this.played += frame;
    if (this.played > 0 && (this.played >= this.reportFrames || this.queue.length === 0)) {
      const rms = Math.sqrt(this.squares / this.played);
      this.port.postMessage({ epoch: this.epoch, frames: this.played, rms });
      this.played = 0;
      this.squares = 0;
    }
    return !this.hasEnded;
  }
}
registerProcessor('${MICROPHONE_PROCESSOR}', Microphone);
registerProcessor('${SPEAKER_PROCESSOR}', Speaker);
`;
