/** The errno name of a failed system call such as `ENOENT`, or `unknown error`. It never carries content or paths. */
export function errorCode(error: unknown): string {
  if (error instanceof Error && 'code' in error && typeof error.code === 'string') return error.code;
  return 'unknown error';
}

/** Whether an `errorCode` says that there is nothing at a place. */
export function isMissing(code: string): boolean {
  return code === 'ENOENT' || code === 'ENOTDIR';
}
