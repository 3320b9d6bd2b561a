import { CoreError } from '../errors.ts';

/** How many questions the clients of a thread have put to the user on their own. */
interface ElicitationCount {
  readonly count: number;
  readonly paused: boolean;
}

/** Counts the questions that clients put to the user by other ways than this protocol. */
export class ClientElicitations {
  #count = 0;

  begin(): ElicitationCount {
    this.#count += 1;
    return this.#told;
  }

  /** Throws `invalidInput` where none is open. */
  end(): ElicitationCount {
    if (this.#count === 0) throw new CoreError('invalidInput', 'no elicitation is open in this thread');
    this.#count -= 1;
    return this.#told;
  }

  get #told(): ElicitationCount {
    return { count: this.#count, paused: this.#count > 0 };
  }
}
