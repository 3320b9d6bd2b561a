/** A line to the caller on which audio plays in real time, one piece after the other. */
export interface VoiceOutput {
  /** Opens a piece, which plays when those before it have ended. */
  open(listener: VoicePieceListener): VoicePiece;
}

export interface VoicePieceListener {
  /** The first of its audio begins to play. A piece without audio never starts. */
  started(): void;
  /** All of a finished piece has been played. */
  ended(): void;
}

/** One answer on its way to the caller. */
export interface VoicePiece {
  /** Adds samples; ignored once the piece was cut. */
  write(samples: Uint8Array): void;
  /** Nothing more will be written. Idempotent. */
  finish(): void;
  /** Stops at once, without a word to the listener, and gives the milliseconds that were played. Idempotent. */
  cut(): number;
}
