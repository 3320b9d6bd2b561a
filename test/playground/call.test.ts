import { readFileSync } from 'node:fs';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { SavedTimeline } from '../../src/client/voice/index.ts';
import { launchBrowser, openPage, reasonToSkip } from './browser.ts';
import { hearLoudness, loudestHeard } from './loudness.ts';
import { connectTo, startPlayground } from './playground.ts';
import type { Playground } from './playground.ts';

const skipped = reasonToSkip();

/** A call goes at the pace of speech, and the machine may have other things to do. */
const CALL_TIMEOUT_MS = 90_000;

describe.skipIf(skipped !== null)(
  `a call in the playground (${skipped ?? 'in Chromium'})`,
  { timeout: CALL_TIMEOUT_MS },
  () => {
    let browser: Browser;

    beforeAll(async () => {
      browser = await launchBrowser();
    });

    afterAll(async () => {
      await browser?.close();
    });

    it.each(['websocket', 'webrtc'])(
      'over %s: hears, answers, delegates, draws and saves its timeline, and leaves nothing behind',
      async (transport) => {
        const playground = await startPlayground();
        const { page, complaints } = await openPage(browser, 'about:blank');
        await hearLoudness(page);
        await page.goto(playground.url);
        await talk(page, { transport });
        const [inputMoves, outputMoves] = [meterMoves(page, 'input-level'), meterMoves(page, 'output-level')];

        await said(page, 'you', /seconds? of speech at -\d+ dB/);
        await said(page, 'voice', /Echo of .* seconds? of speech/);
        await expect.poll(() => loudestHeard(page), { timeout: 10_000 }).toBeGreaterThan(0.02);
        await Promise.all([inputMoves, outputMoves]);
        const threadId = new URLSearchParams(new URL(page.url()).hash.slice(1)).get('thread') ?? '';

        await intoTheCall(page);
        await page.getByLabel('Message').fill('agent: list the files here');
        await page.keyboard.press('Enter');
        await page.locator('.entry.you', { hasText: 'typed into the call' }).waitFor();
        await page.locator('.entry.handover', { hasText: 'list the files here' }).waitFor();
        await page.locator('.entry.agent', { hasText: 'list the files here' }).waitFor();
        await said(page, 'voice', /The loopback server was asked/);

        await page.getByRole('button', { name: 'End the call' }).click();
        await page.locator('#call-state[data-state=idle]').waitFor();
        await page.getByText('The call has ended.').waitFor();
        const timeline = await saveTimeline(page);
        const kinds = new Set(timeline.entries.map(({ kind }) => kind));
        for (const kind of [
          'speechStarted',
          'speechEnded',
          'answerStarted',
          'textSent',
          'delegated',
          'turnEnded',
        ]) {
          expect(kinds).toContain(kind);
        }
        expect(timeline.firstAudio.latenciesMs.length).toBeGreaterThan(0);
        expect(await page.locator('.drawing rect.speech').count()).toBeGreaterThan(0);
        expect(await page.locator('.drawing rect.answer').count()).toBeGreaterThan(0);
        expect(await page.locator('.drawing rect.work').count()).toBeGreaterThan(0);

        await page.reload();
        await page.locator('.entry.handover', { hasText: 'list the files here' }).waitFor();
        expect(await page.locator('.entry', { hasText: 'Echo of' }).count()).toBe(1);
        expect(complaints).toEqual([]);
        await expectNoSession(playground, threadId);
      },
    );

    it.each(['websocket', 'webrtc'])('over %s: ends with its page', async (transport) => {
      const playground = await startPlayground();
      const { page } = await openPage(browser, playground.url);
      await talk(page, { transport });
      await said(page, 'you', /seconds? of speech/);
      const threadId = new URLSearchParams(new URL(page.url()).hash.slice(1)).get('thread') ?? '';
      await page.close();
      await expectNoSession(playground, threadId);
    });

    it('in version 1 speaks with the voices of that version, and answers what is typed', async () => {
      const playground = await startPlayground();
      const { page, complaints } = await openPage(browser, playground.url);
      await talk(page, { version: 'v1', voice: 'ember' });
      await said(page, 'voice', /Echo of/);
      await intoTheCall(page);
      await page.getByLabel('Message').fill('hello');
      await page.keyboard.press('Enter');
      await said(page, 'voice', /You typed: "hello"/);
      await page.keyboard.press('Escape');
      await page.locator('#call-state[data-state=idle]').waitFor();
      expect(complaints).toEqual([]);
    });

    it('answers in writing where that is chosen, and can be muted and interrupted', async () => {
      const playground = await startPlayground();
      const { page, complaints } = await openPage(browser, playground.url);
      await talk(page, { modality: 'text' });
      await said(page, 'voice', /Echo of/);
      const mute = page.getByRole('button', { name: 'Mute' });
      await mute.click();
      expect(await page.getByRole('button', { name: 'Muted' }).getAttribute('aria-pressed')).toBe('true');
      await page.getByRole('button', { name: 'Interrupt' }).click();
      await page.getByRole('button', { name: 'End the call' }).click();
      await page.locator('#call-state[data-state=idle]').waitFor();
      expect(await mute.getAttribute('aria-pressed')).toBe('false');
      expect(complaints).toEqual([]);
    });
  },
);

/** Chooses what the call is like, starts it, and waits until it is up. */
async function talk(page: Page, choices: Readonly<Record<string, string>>): Promise<void> {
  await page.locator('#connection[data-state=connected]').waitFor();
  for (const [field, value] of Object.entries(choices)) await page.locator(`#${field}`).selectOption(value);
  await page.getByRole('button', { name: 'Talk', exact: true }).click();
  await page.locator('#call-state[data-state=live]').waitFor();
}

async function intoTheCall(page: Page): Promise<void> {
  await page.locator('.segments label', { hasText: 'Into the call' }).click();
}

async function said(page: Page, side: 'you' | 'voice', words: RegExp): Promise<void> {
  await page.locator(`.entry.${side}`, { hasText: words }).first().waitFor();
}

/** Waits until the meter of a side shows that it is heard. */
async function meterMoves(page: Page, id: string): Promise<void> {
  await page.waitForFunction((meter) => {
    const bar = document.querySelector<HTMLElement>(`#${meter} i`);
    return Number(/[\d.]+/.exec(bar?.style.transform ?? '')?.[0] ?? 0) > 0.2;
  }, id);
}

async function saveTimeline(page: Page): Promise<SavedTimeline> {
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('button', { name: 'Save as a file' }).click(),
  ]);
  expect(download.suggestedFilename()).toMatch(/^parley-call-.*\.json$/);
  return JSON.parse(readFileSync(await download.path(), 'utf8')) as SavedTimeline;
}

/** What is said to a session that is no more is answered by an error, and so is what is said where there was none. */
async function expectNoSession(playground: Playground, threadId: string): Promise<void> {
  const client = await connectTo(playground);
  await client.request('thread/resume', { threadId });
  await expect
    .poll(async () => {
      await client.request('thread/realtime/appendText', { threadId, text: 'is anyone there?' });
      return client.notifications('error').length;
    })
    .toBeGreaterThan(0);
  expect(client.notifications('error')[0]).toMatchObject({
    params: { threadId, error: { message: 'no realtime conversation is running' } },
  });
}
