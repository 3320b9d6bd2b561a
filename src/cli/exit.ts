/** How long work of the threads that Node does files and names with may take to end. */
const POOL_MS = 1_000;
const LOOK_AGAIN_MS = 20;

/** What those threads are at work on, by the names that Node has for it. */
const POOL_WORK = /^(?:FSReq|GetAddrInfoReq|GetNameInfoReq)/;

/**
 * Ends the process. Node waits in `process.exit` for its threads, and without an end where one of them hangs in a call of
 * the system, such as one on a disk that does not answer; no signal but SIGKILL reaches the process then. So when they do
 * not come to an end in time, the process kills itself that way, and has no exit code.
 */
export function exitProcess(exitCode: number): void {
  const deadline = performance.now() + POOL_MS;
  const look = (): void => {
    if (!process.getActiveResourcesInfo().some((kind) => POOL_WORK.test(kind))) process.exit(exitCode);
    if (performance.now() >= deadline) process.kill(process.pid, 'SIGKILL');
    setTimeout(look, LOOK_AGAIN_MS);
  };
  look();
}
