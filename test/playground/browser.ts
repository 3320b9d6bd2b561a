import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { chromium } from 'playwright-core';
import type { Browser, BrowserContextOptions, ConsoleMessage, Page } from 'playwright-core';
import { onTestFinished } from 'vitest';

/** Where Debian, Ubuntu and others put it. */
const USUAL_PATHS = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];

/** How long the page may take for whatever is waited for, in milliseconds. */
const WAIT_MS = 12_000;

const SPEECH = resolve('test/fixtures/speech.wav');

/** The browser to test with: `PARLEY_CHROMIUM`, or the first that is installed; null where there is none. */
export function chromiumPath(): string | null {
  const named = process.env['PARLEY_CHROMIUM'];
  return named || (USUAL_PATHS.find((path) => existsSync(path)) ?? null);
}

/**
 * Why the browser tests are left out, or null. Where `PARLEY_REQUIRE_BROWSER` is set they are not left out: a missing
 * browser fails them.
 */
export function reasonToSkip(): string | null {
  if (chromiumPath() !== null || process.env['PARLEY_REQUIRE_BROWSER']) return null;
  return 'no Chromium was found: install it, or name it in PARLEY_CHROMIUM';
}

/** Starts the browser, with a microphone that speaks the fixture once whenever it is opened and is silent then. */
export async function launchBrowser(): Promise<Browser> {
  const executablePath = chromiumPath();
  if (executablePath === null) throw new Error('no Chromium was found, and PARLEY_REQUIRE_BROWSER is set');
  return chromium.launch({
    executablePath,
    args: [
      '--no-sandbox',
      '--autoplay-policy=no-user-gesture-required',
      '--use-fake-device-for-media-stream',
      '--use-fake-ui-for-media-stream',
      `--use-file-for-fake-audio-capture=${SPEECH}%noloop`,
    ],
  });
}

/** A page that is open, and what it complained about. */
export interface WatchedPage {
  readonly page: Page;
  /** Errors and warnings of the console, uncaught errors, and breaches of the content policy. */
  readonly complaints: string[];
}

/** Opens a page in a profile of its own, which is closed with the test. */
export async function openPage(
  browser: Browser,
  url: string,
  options: BrowserContextOptions = {},
): Promise<WatchedPage> {
  const context = await browser.newContext({ permissions: ['microphone'], ...options });
  context.setDefaultTimeout(WAIT_MS);
  onTestFinished(() => context.close());
  const page = await context.newPage();
  const complaints: string[] = [];
  page.on('console', (message: ConsoleMessage) => {
    if (message.type() === 'error' || message.type() === 'warning') complaints.push(message.text());
  });
  page.on('pageerror', (error) => complaints.push(String(error)));
  await page.addInitScript(() => {
    document.addEventListener('securitypolicyviolation', ({ blockedURI, violatedDirective }) => {
      console.error(`the content policy forbids ${blockedURI} by ${violatedDirective}`);
    });
  });
  await page.goto(url);
  return { page, complaints };
}
