/**
 * The channel on which the service tells the peer of a call its events, as far as they say whether an answer is under way.
 * Everything else of it reaches the page through the daemon.
 */
export class PeerEvents {
  readonly #channel: RTCDataChannel;
  #isResponding = false;
  #isPlaying = false;
  /** Hears that the audio of an answer is over, or that another one begins. */
  onTurn: () => void = () => {};

  constructor(channel: RTCDataChannel) {
    this.#channel = channel;
  }

  /** Takes a message of the channel. */
  receive(data: unknown): void {
    switch (typeOf(data)) {
      case 'response.created':
        this.#isResponding = true;
        return this.onTurn();
      case 'response.done':
      case 'response.cancelled':
        this.#isResponding = false;
        return;
      case 'output_audio_buffer.started':
        this.#isPlaying = true;
        return this.onTurn();
      case 'output_audio_buffer.stopped':
      case 'output_audio_buffer.cleared':
        this.#isPlaying = false;
        return this.onTurn();
      default:
    }
  }

  /** Asks the service to stop the answer that is under way, if there is one. */
  cancelAnswer(): void {
    if (this.#channel.readyState !== 'open') return;
    if (this.#isResponding) this.#channel.send('{"type":"response.cancel"}');
    if (this.#isResponding || this.#isPlaying) this.#channel.send('{"type":"output_audio_buffer.clear"}');
  }
}

function typeOf(data: unknown): unknown {
  if (typeof data !== 'string') return null;
  try {
    const event = JSON.parse(data) as { readonly type?: unknown } | null;
    return event?.type;
  } catch {
    // The channel belongs to the service; what is no event says nothing here.
    return null;
  }
}
