import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { launchBrowser, openPage, reasonToSkip } from './browser.ts';
import { connected, type } from './page.ts';
import { startPlayground } from './playground.ts';

const skipped = reasonToSkip();

describe.skipIf(skipped !== null)(`the page of the playground (${skipped ?? 'in Chromium'})`, () => {
  let browser: Browser;

  beforeAll(async () => {
    browser = await launchBrowser();
  });

  afterAll(async () => {
    await browser?.close();
  });

  it('runs a typed turn, lists its thread, and shows it again after a reload', async () => {
    const { url } = await startPlayground();
    const { page, complaints } = await openPage(browser, url);
    await connected(page);
    await type(page, 'hello there');
    await page.locator('.entry.agent', { hasText: 'The loopback server was asked: "hello there"' }).waitFor();
    await page.locator('#thread-list button[aria-current=true]', { hasText: 'hello there' }).waitFor();
    expect(await entries(page)).toEqual([
      'You\nhello there',
      'Agent\nThe loopback server was asked: "hello there"',
    ]);

    await page.reload();
    await page.locator('.entry.agent').waitFor();
    expect(await entries(page)).toEqual([
      'You\nhello there',
      'Agent\nThe loopback server was asked: "hello there"',
    ]);
    await type(page, 'and again');
    await page.locator('.entry.agent', { hasText: 'The loopback server was asked: "and again"' }).waitFor();

    await page.getByRole('button', { name: 'New thread' }).click();
    await page.getByText('Talk to it, or type.').waitFor();
    expect(new URL(page.url()).hash).not.toContain('thread=');
    await page.locator('#thread-list button').click();
    await page.locator('.entry.agent', { hasText: 'and again' }).waitFor();
    expect(complaints).toEqual([]);
  });

  it('steers a turn that runs, stops it, and tells errors', async () => {
    const { url } = await startPlayground();
    const { page, complaints } = await openPage(browser, url);
    await connected(page);
    const stop = page.getByRole('button', { name: 'Stop the agent' });
    expect(await stop.isDisabled()).toBe(true);
    await type(page, 'slow 60: a long thought');
    await page.locator('.entry.agent').waitFor();
    await type(page, 'a word in between');
    await stop.click();
    await page.getByText('The agent was stopped.').waitFor();
    expect(await stop.isDisabled()).toBe(true);
    await type(page, 'fail 400');
    await page.locator('.entry.problem').waitFor();
    expect(complaints).toEqual([]);
  });

  it('can be used by keys alone', { timeout: 60_000 }, async () => {
    const { url } = await startPlayground();
    const { page, complaints } = await openPage(browser, url);
    await connected(page);
    expect(await focused(page)).toBe('message');
    await page.keyboard.type('slow 60: by keys');
    await page.keyboard.press('Enter');
    await page.locator('.entry.agent').waitFor();
    await page.keyboard.press('Escape');
    await page.getByText('The agent was stopped.').waitFor();

    await page.keyboard.press('Tab');
    expect(await focused(page)).toBe('send');
    await page.keyboard.press('Tab');
    expect(await focused(page)).toBe('talk');
    await page.keyboard.press('Space');
    await state(page, 'live');
    // The microphone speaks first, and what is typed meanwhile would be interrupted by it.
    await page.locator('.entry.voice', { hasText: 'Echo of' }).waitFor();
    // The button to send comes before it, then the field, and then where the text goes.
    for (const before of ['send', 'message', 'agent']) {
      await page.keyboard.press('Shift+Tab');
      expect(await focused(page)).toBe(before);
    }
    await page.keyboard.press('ArrowRight');
    expect(await focused(page)).toBe('call');
    await page.keyboard.press('Tab');
    await page.keyboard.type('typed by keys');
    await page.keyboard.press('Enter');
    await page.locator('.entry.voice', { hasText: 'You typed: "typed by keys".' }).waitFor();
    await page.keyboard.press('Escape');
    await state(page, 'idle');
    expect(complaints).toEqual([]);
  });

  it('says that it is not let in without its token, and can try again', async () => {
    const { origin, token } = await startPlayground();
    const { page } = await openPage(browser, origin);
    await page.locator('#connection[data-state=lost]').waitFor();
    await page.evaluate((fragment) => (location.hash = fragment), `token=${token}`);
    await page.getByRole('button', { name: 'Connect again' }).click();
    await connected(page);
    expect(await page.getByRole('button', { name: 'Connect again' }).count()).toBe(0);
  });
});

async function state(page: Page, name: string): Promise<void> {
  await page.locator(`#call-state[data-state=${name}]`).waitFor();
}

async function entries(page: Page): Promise<string[]> {
  return page.locator('.entry').allInnerTexts();
}

/** What has the focus: its id, or the value of a choice. */
async function focused(page: Page): Promise<string> {
  return page.evaluate(() => {
    const element = document.activeElement as HTMLInputElement;
    return element.id || element.value;
  });
}
