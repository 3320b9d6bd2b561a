/** The message of anything that was thrown, never empty. */
export function errorMessage(error: unknown): string {
  if (error instanceof AggregateError && error.message === '') {
    return error.errors.map(errorMessage).join('; ') || 'unknown error';
  }
  if (error instanceof Error) return error.message || error.name;
  return String(error) || 'unknown error';
}
