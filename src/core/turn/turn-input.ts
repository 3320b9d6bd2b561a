import type { TurnStartParams, UserInput } from '../../protocol/index.ts';
import { CoreError } from '../errors.ts';
import type { TurnKind } from './turn.ts';
import { checkInputSize } from './user-message.ts';

/** What a client wants said with the requests of a turn; null is nothing. */
export type ClientMetadata = Readonly<Record<string, string>> | null;

/** Both names of the field count; `clientMetadata` wins key by key. Null when neither is there. */
export function clientMetadataOf({
  clientMetadata,
  responsesapiClientMetadata,
}: Pick<TurnStartParams, 'clientMetadata' | 'responsesapiClientMetadata'>): ClientMetadata {
  if (clientMetadata == null && responsesapiClientMetadata == null) return null;
  return { ...responsesapiClientMetadata, ...clientMetadata };
}

/** Throws `invalidInput` and `inputTooLarge`. */
export function checkInput(input: readonly UserInput[]): void {
  checkInputSize(input);
  if (input.length === 0) throw new CoreError('invalidInput', 'input must not be empty');
}

/** A turn of another kind than the regular one runs, which takes no input. */
export function notSteerable(turnKind: Exclude<TurnKind, 'regular'>): CoreError {
  const message = `cannot steer a ${turnKind} turn`;
  const details = {
    message,
    codexErrorInfo: { activeTurnNotSteerable: { turnKind } },
    additionalDetails: null,
  };
  return new CoreError('turnNotSteerable', message, { details });
}
