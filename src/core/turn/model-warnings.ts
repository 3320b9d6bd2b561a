import { PATCH_IN_COMMAND } from '../tools/index.ts';

const REROUTED = 'Warning: a model other than the one asked for has answered: ';

/** Told to the model when its provider let another one answer. */
export function reroutedWarning(asked: string, answered: string): string {
  return `${REROUTED}${answered} in the place of ${asked}.`;
}

/** How the warnings begin and end, by which they are told apart from what the user says. */
export const WARNING_MARKS: readonly (readonly [start: string, end: string])[] = [
  [PATCH_IN_COMMAND, PATCH_IN_COMMAND],
  [REROUTED, '.'],
];
