import type { CoreEnvironment } from '../environment.ts';
import type { ListProblem } from '../store/index.ts';

/** Tells users of files that a listing leaves out. */
export function tellListProblems({ emit }: CoreEnvironment, problems: readonly ListProblem[]): void {
  for (const { message, path } of problems) {
    emit('warning', { threadId: null, message: `${path} is left out: ${message}` });
  }
}
