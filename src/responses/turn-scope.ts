/**
 * What the requests of one turn share: the token that routes them to the same server. The first token that the
 * provider gives holds for the turn and is never used for another.
 */
export class TurnScope {
  #turnState: string | null = null;

  get turnState(): string | null {
    return this.#turnState;
  }

  keepTurnState(turnState: string | null): void {
    this.#turnState ??= turnState;
  }
}
