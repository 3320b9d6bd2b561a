import type { Page } from 'playwright-core';

/** Waits until the page is connected to its daemon. */
export async function connected(page: Page): Promise<void> {
  await page.locator('#connection[data-state=connected]').waitFor();
}

/** Types to the agent, or into the call. */
export async function type(page: Page, text: string): Promise<void> {
  await page.getByLabel('Message').fill(text);
  await page.getByLabel('Message').press('Enter');
}

/** The thread that is open in the page, by its address. */
export function threadOf(page: Page): string {
  return new URLSearchParams(new URL(page.url()).hash.slice(1)).get('thread') ?? '';
}

/** A page between which and its daemon a test can speak. */
export interface SpokenPage {
  readonly threadId: string;
  /** Sends the page a message as if the daemon had. */
  readonly send: (message: object) => void;
  /** The answers of the page to what it was asked so; the daemon does not get them. */
  readonly answers: unknown[];
}

/** Opens the page, begins a thread in it, and stands between it and its daemon. */
export async function speakWith(page: Page, url: string): Promise<SpokenPage> {
  const answers: unknown[] = [];
  let send: (message: object) => void = () => {};
  await page.routeWebSocket(/127\.0\.0\.1/, (socket) => {
    const server = socket.connectToServer();
    send = (message) => socket.send(JSON.stringify(message));
    socket.onMessage((text) => {
      const message = JSON.parse(String(text)) as { method?: string };
      if (message.method === undefined) answers.push(message);
      else server.send(text);
    });
  });
  await page.goto(url);
  await connected(page);
  await type(page, 'hello');
  await page.locator('.entry.agent').waitFor();
  return { threadId: threadOf(page), send: (message) => send(message), answers };
}
