import { existsSync, rmSync } from 'node:fs';
import { errorMessage } from '../../util/errors.ts';
import { WavFileWriter } from '../../util/wav-file.ts';
import type { AnswerFile } from './answer-audio.ts';
import { SAMPLE_RATE } from './audio-format.ts';

/** The WAV file of the answers. Its methods do not throw; a failure is reported once, and nothing is written after it. */
export class AnswerWav implements AnswerFile {
  readonly path: string;
  readonly #existed: boolean;
  readonly #writer: WavFileWriter;
  readonly #onFailure: (error: Error) => void;
  #hasFailed = false;

  /** Throws with a sentence that names the file when it cannot be created. */
  constructor(path: string, onFailure: (error: Error) => void) {
    this.path = path;
    this.#onFailure = onFailure;
    this.#existed = existsSync(path);
    try {
      this.#writer = new WavFileWriter(path, { sampleRate: SAMPLE_RATE, channels: 1 });
    } catch (error) {
      throw this.#failure(error);
    }
  }

  get dataBytes(): number {
    return this.#writer.dataBytes;
  }

  append(bytes: Uint8Array): void {
    this.#attempt(() => this.#writer.append(bytes));
  }

  truncate(dataBytes: number): void {
    this.#attempt(() => this.#writer.truncate(dataBytes));
  }

  /** Finishes the file. */
  close(): void {
    this.#attempt(() => this.#writer.close());
  }

  /** Finishes the file of a call that never came up, and takes away what was not there before. */
  discard(): void {
    this.close();
    if (!this.#existed) this.#attempt(() => rmSync(this.path, { force: true }));
  }

  #attempt(write: () => void): void {
    if (this.#hasFailed) return;
    try {
      write();
    } catch (error) {
      this.#hasFailed = true;
      this.#onFailure(this.#failure(error));
    }
  }

  #failure(error: unknown): Error {
    return new Error(`cannot write ${this.path}: ${errorMessage(error)}`, { cause: error });
  }
}
