import { readInstructions } from './read-instructions.ts';
import type { InstructionPlaces, Instructions } from './read-instructions.ts';

/** The instructions of a thread: read when it is opened, and again when it works in another folder. */
export class ProjectInstructions {
  readonly #places: Omit<InstructionPlaces, 'cwd'>;
  readonly #warnings: string[] = [];
  #cwd: string;
  #instructions: Instructions;

  constructor({ cwd, ...places }: InstructionPlaces) {
    this.#places = places;
    this.#cwd = cwd;
    this.#instructions = this.#read();
  }

  /** What holds in a folder, given as an absolute path. */
  at(cwd: string): Instructions {
    if (cwd === this.#cwd) return this.#instructions;
    this.#cwd = cwd;
    this.#instructions = this.#read();
    return this.#instructions;
  }

  /** What the user has not been told yet of files that cannot be used. */
  takeWarnings(): string[] {
    return this.#warnings.splice(0);
  }

  #read(): Instructions {
    const instructions = readInstructions({ ...this.#places, cwd: this.#cwd });
    this.#warnings.push(...instructions.warnings);
    return instructions;
  }
}
