import { spawn } from 'node:child_process';

/** How long the program that opens a page is watched, in milliseconds; one that runs longer has done its work. */
const WATCHED_MS = 3_000;

/** The program of each system that opens a page in the browser of the user. */
function openerOf(platform: NodeJS.Platform, url: string): { command: string; args: string[] } {
  if (platform === 'darwin') return { command: 'open', args: [url] };
  // `start` is a word of the shell; its first quoted argument is the title of a window.
  if (platform === 'win32') return { command: 'cmd', args: ['/c', 'start', '""', url.replaceAll('&', '^&')] };
  return { command: 'xdg-open', args: [url] };
}

/** Opens a page in the browser, which outlives this process. Gives null, or why it could not be opened. */
export function openBrowser(
  url: string,
  platform: NodeJS.Platform = process.platform,
): Promise<string | null> {
  const { args, command } = openerOf(platform, url);
  return new Promise((resolve) => {
    const opener = spawn(command, args, { detached: true, stdio: 'ignore', windowsHide: true });
    const timer = setTimeout(() => resolve(null), WATCHED_MS);
    const end = (problem: string | null): void => {
      clearTimeout(timer);
      resolve(problem);
    };
    opener.once('error', (error) => end(error.message));
    opener.once('exit', (code) => end(code === 0 ? null : `${command} ended with code ${code}`));
    opener.unref();
  });
}
