import { existsSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Browser, Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { testFolder } from '../support/folder.ts';
import { launchBrowser, openPage, reasonToSkip } from './browser.ts';
import { connected, speakWith, threadOf, type } from './page.ts';
import { connectTo, startPlayground } from './playground.ts';

const skipped = reasonToSkip();

const STDIO_SERVER = resolve('test/mcp/support/stdio-server.mjs');

const COMMAND = 'May the agent run this command?';
const FILES = 'May the agent change these files?';
const ASKING = { args: ['-c', 'approval_policy="untrusted"'] };
const PATCH = [
  'apply_patch <<"EOF"',
  '*** Begin Patch',
  '*** Add File: a.txt',
  '+hello',
  '*** End Patch',
  'EOF',
].join('\n');

describe.skipIf(skipped !== null)(
  `questions in the playground (${skipped ?? 'in Chromium'})`,
  { timeout: 60_000 },
  () => {
    let browser: Browser;

    beforeAll(async () => {
      browser = await launchBrowser();
    });

    afterAll(async () => {
      await browser?.close();
    });

    it('let a person allow a command, and show what it writes and how it ends', async () => {
      const cwd = testFolder();
      const { url } = await startPlayground({ ...ASKING, cwd });
      const { page, complaints } = await openPage(browser, url);
      await connected(page);
      const cmd = 'echo begun; until test -e go; do sleep 0.1; done; echo ended; exit 3';
      await type(page, `tool exec_command ${JSON.stringify({ cmd, justification: 'to see it' })}`);
      const card = group(page, COMMAND);
      await card.getByText('to see it').waitFor();
      await card.getByText(`in ${cwd}`).waitFor();
      expect(
        (await card.getByRole('button').allInnerTexts()).filter((text) => !text.startsWith('Always')),
      ).toEqual(['Accept', 'Accept for this session', 'Decline', 'Cancel the turn']);
      await card.getByRole('button', { name: 'Accept', exact: true }).click();
      await card.waitFor({ state: 'detached' });
      expect(await focused(page)).toBe('message');
      const output = page.locator('.entry.step pre');
      await output.getByText('begun').waitFor();
      await page.locator('.entry.step', { hasText: 'Command · in progress' }).waitFor();
      await type(page, 'a word in between');
      const again = page.locator('.entry.note', { hasText: `${COMMAND} — Accept` });
      await again.waitFor();
      writeFileSync(join(cwd, 'go'), '');
      await page.locator('.entry.step', { hasText: 'Command · failed, exit code 3' }).waitFor();
      expect(await output.innerText()).toBe('begun\nended\n');
      expect(complaints).toEqual([]);
    });

    it('show the changes that they are about', async () => {
      const cwd = testFolder();
      const { url } = await startPlayground({ ...ASKING, cwd });
      const { page, complaints } = await openPage(browser, url);
      await connected(page);
      await type(page, `tool exec_command ${JSON.stringify({ cmd: PATCH })}`);
      const card = group(page, FILES);
      await card.getByText(`add ${join(cwd, 'a.txt')}`).waitFor();
      expect(await card.locator('.diff .added').allInnerTexts()).toEqual(['hello\n']);
      expect(await card.getByRole('button').allInnerTexts()).toEqual([
        'Accept',
        'Accept for this session',
        'Decline',
        'Cancel the turn',
      ]);
      await card.getByRole('button', { name: 'Decline' }).click();
      const step = page.locator('.entry.step', { hasText: 'Files · declined' });
      await step.getByText('Changes').click();
      await step.locator('.diff .added', { hasText: 'hello' }).waitFor();
      expect(existsSync(join(cwd, 'a.txt'))).toBe(false);
      expect(complaints).toEqual([]);
    });

    it('of the agent are answered by a choice, in words, or not', async () => {
      const { url } = await startPlayground();
      const { page, complaints } = await openPage(browser, url);
      await connected(page);
      const options = [
        { label: 'red', description: 'a warm one' },
        { label: 'blue', description: 'a cold one' },
      ];
      const ask = async (): Promise<Locator> => {
        const questions = [
          { id: 'q1', header: 'Colour', question: 'Which colour?', options },
          { id: 'q2', header: 'Name', question: 'Which name?' },
        ];
        await type(page, `tool request_user_input ${JSON.stringify({ questions })}`);
        const card = group(page, 'The agent asks you some things');
        await card.waitFor();
        return card;
      };
      let card = await ask();
      await card.getByLabel(/^red/).check();
      await card.getByLabel(/Which name/).fill('Hugo');
      await card.getByRole('button', { name: 'Answer' }).click();
      await gaveBack(page, '{"answers":{"q1":{"answers":["red"]},"q2":{"answers":["Hugo"]}}}');
      await page.getByText('Which colour? — red\nWhich name? — Hugo').waitFor();

      card = await ask();
      await card.getByLabel('Other: Which colour?').fill('green');
      expect(await card.getByLabel('Other', { exact: true }).isChecked()).toBe(true);
      await card.getByLabel(/Which name/).press('Enter');
      // A name is asked for still.
      expect(await focused(page)).toBe(await card.getByLabel(/Which name/).getAttribute('id'));
      await card.getByLabel(/Which name/).fill('Emma');
      await card.getByLabel(/Which name/).press('Enter');
      await gaveBack(page, '{"answers":{"q1":{"answers":["green"]},"q2":{"answers":["Emma"]}}}');

      card = await ask();
      await card.getByRole('button', { name: 'Skip' }).click();
      await gaveBack(page, '{"answers":{"q1":{"answers":[]},"q2":{"answers":[]}}}');

      card = await ask();
      await card.getByRole('button', { name: 'Cancel the turn' }).click();
      await card.waitFor({ state: 'detached' });
      await page.getByText('The agent was stopped.').waitFor();
      await page.getByText('No longer asked: The agent asks you some things').waitFor();
      expect(complaints).toEqual([]);
    });

    it('of MCP servers are answered by a form, or a visit', async () => {
      const config = `[mcp_servers.tools]\ncommand = ${JSON.stringify(process.execPath)}\nargs = [${JSON.stringify(STDIO_SERVER)}, "serve"]\n`;
      const { url } = await startPlayground({ config });
      const { page, complaints } = await openPage(browser, url);
      await connected(page);
      const card = group(page, 'The server tools asks you something');
      await type(page, 'tool mcp__tools__ask');
      await card.getByLabel('color').fill('green');
      await card.getByRole('button', { name: 'Accept' }).click();
      await gaveBack(page, '{"action":"accept","content":{"color":"green"}}');
      await type(page, 'tool mcp__tools__visit');
      const link = card.getByRole('link', { name: 'Open example.com in a new tab' });
      await link.waitFor();
      expect(await link.evaluate(({ href, rel, target }: HTMLAnchorElement) => [href, rel, target])).toEqual([
        'https://example.com/login',
        'noopener noreferrer',
        '_blank',
      ]);
      await card.getByRole('button', { name: 'Decline' }).click();
      await gaveBack(page, '{"action":"decline"}');
      await page.locator('.entry.step', { hasText: 'Tool · completedtools.visit' }).waitFor();
      expect(complaints).toEqual([]);
    });

    it('are over when another client answers, and there again after a reload', async () => {
      const cwd = testFolder();
      const playground = await startPlayground({ ...ASKING, cwd });
      const { page, complaints } = await openPage(browser, playground.url);
      await connected(page);
      await type(page, 'hello');
      await page.locator('.entry.agent').waitFor();
      const threadId = threadOf(page);
      const other = await connectTo(playground);
      await other.request('thread/resume', { threadId });
      await type(page, 'tool exec_command {"cmd":"touch x1"}');
      const card = group(page, COMMAND);
      await card.waitFor();
      await page.reload();
      await card.getByText('touch x1').first().waitFor();
      const { id } = await other.asked();
      other.answer(id, { decision: 'accept' });
      await card.waitFor({ state: 'detached' });
      await page.getByText(`No longer asked: ${COMMAND}`).waitFor();
      await page.locator('.entry.step', { hasText: 'Command · completed, exit code 0' }).waitFor();
      expect(existsSync(join(cwd, 'x1'))).toBe(true);
      expect(complaints).toEqual([]);
    });

    it('show the changes that they are about after a reload as well', async () => {
      const cwd = testFolder();
      const playground = await startPlayground({ ...ASKING, cwd });
      const { page, complaints } = await openPage(browser, playground.url);
      await connected(page);
      await type(page, 'hello');
      await page.locator('.entry.agent').waitFor();
      const other = await connectTo(playground);
      await other.request('thread/resume', { threadId: threadOf(page) });
      await type(page, `tool exec_command ${JSON.stringify({ cmd: PATCH })}`);
      const card = group(page, FILES);
      await card.waitFor();
      await page.reload();
      await card.getByText(`add ${join(cwd, 'a.txt')}`).waitFor();
      expect(await card.locator('.diff .added').allInnerTexts()).toEqual(['hello\n']);
      await card.getByRole('button', { name: 'Decline' }).click();
      await page.locator('.entry.step', { hasText: 'Files · declined' }).waitFor();
      expect(await page.locator('.entry.step').count()).toBe(1);
      expect(complaints).toEqual([]);
    });

    it('of a thread wait until it is open again', async () => {
      const { url } = await startPlayground(ASKING);
      const { page, complaints } = await openPage(browser, url);
      await connected(page);
      await type(page, 'hello');
      await page.locator('.entry.agent').waitFor();
      await type(page, 'tool exec_command {"cmd":"touch x1"}');
      const card = group(page, COMMAND);
      await card.waitFor();
      await page.getByRole('button', { name: 'New thread' }).click();
      await card.waitFor({ state: 'detached' });
      await page.locator('#thread-list button').click();
      await card.getByRole('button', { name: 'Cancel the turn' }).click();
      await page.getByText('The agent was stopped.').waitFor();
      await page.locator('.entry.step', { hasText: 'Command · declined' }).waitFor();
      expect(complaints).toEqual([]);
    });

    it('lead whoever does nothing else to them, and tell themselves once', async () => {
      const { url } = await startPlayground();
      const { page, complaints } = await openPage(browser, 'about:blank');
      const { answers, send, threadId } = await speakWith(page, url);
      const params = { threadId, turnId: 'U', itemId: 'c1', startedAtMs: 1 };
      const method = 'item/commandExecution/requestApproval';
      const rule = { acceptWithExecpolicyAmendment: { execpolicy_amendment: ['touch', 'x1'] } };
      const availableDecisions = ['accept', rule, 'cancel'];
      send({ id: 'q1', method, params: { ...params, command: 'touch x1', availableDecisions } });
      const told = page.locator('#asked');
      await told.getByText(COMMAND, { exact: true }).waitFor({ state: 'attached' });
      // Who is about to write is left alone.
      expect(await focused(page)).toBe('message');
      await page.getByLabel('Message').blur();
      send({ id: 'q2', method, params: { ...params, itemId: 'c2', command: 'touch x2' } });
      await told.getByText(`2 questions are open. ${COMMAND}`).waitFor({ state: 'attached' });
      await page
        .getByRole('button', { name: 'Always allow commands that begin with touch x1' })
        .press('Enter');
      const second = page.locator('.question', { hasText: 'touch x2' });
      expect(await second.evaluate((card) => card === document.activeElement)).toBe(true);
      await page.keyboard.press('Tab');
      await page.keyboard.press('Enter');
      await page.locator('.question').waitFor({ state: 'detached' });
      expect(await focused(page)).toBe('message');
      expect(await told.innerText()).toBe('');
      await page.getByLabel('Message').blur();
      send({ id: 'q3', method: 'item/fileChange/requestApproval', params });
      const third = group(page, FILES);
      await third.getByText('What is to be changed was told before this page was loaded').waitFor();
      expect(await third.evaluate((card) => card === document.activeElement)).toBe(true);
      expect(answers).toEqual([
        { id: 'q1', result: { decision: rule } },
        { id: 'q2', result: { decision: 'accept' } },
      ]);
      expect(complaints).toEqual([]);
    });

    it('for secrets leave nothing of the answer in the page', async () => {
      const { url } = await startPlayground();
      const { page, complaints } = await openPage(browser, 'about:blank');
      const { answers, send, threadId } = await speakWith(page, url);
      const secret = { header: '', isOther: true, isSecret: true };
      const questions = [
        { ...secret, id: 'a', question: 'Which password?', options: null },
        { ...secret, id: 'b', question: 'Which key?', options: [{ label: 'none', description: '' }] },
      ];
      const params = { threadId, turnId: 'U', itemId: 'c1', questions };
      send({ id: 'q1', method: 'item/tool/requestUserInput', params });
      const password = page.getByLabel('Which password?');
      const key = page.getByLabel('Other: Which key?');
      expect([await password.getAttribute('type'), await key.getAttribute('type')]).toEqual([
        'password',
        'password',
      ]);
      await password.fill(' hunter2 ');
      await key.fill('swordfish');
      const [field] = await password.elementHandles();
      await page.getByRole('button', { name: 'Answer' }).click();
      await page.getByText('Which password? — (not shown)\nWhich key? — (not shown)').waitFor();
      expect(await field?.evaluate((input) => (input as HTMLInputElement).value)).toBe('');
      const text = await page.evaluate(() => {
        const values = [...document.querySelectorAll('input, textarea')].map(
          (each) => (each as HTMLInputElement).value,
        );
        return [
          document.documentElement.outerHTML,
          ...values,
          location.href,
          JSON.stringify(localStorage),
        ].join('\n');
      });
      expect(text).not.toMatch(/hunter2|swordfish/);
      expect(answers).toEqual([
        { id: 'q1', result: { answers: { a: { answers: [' hunter2 '] }, b: { answers: ['swordfish'] } } } },
      ]);
      expect(complaints).toEqual([]);
    });

    it('of any form are filled in by the values of their kinds, and open no address but of the web', async () => {
      const { url } = await startPlayground();
      const { page, complaints } = await openPage(browser, 'about:blank');
      const { answers, send, threadId } = await speakWith(page, url);
      const method = 'mcpServer/elicitation/request';
      const ids = {
        threadId,
        turnId: null,
        serverName: '<b>docs</b>',
        message: 'What shall be made?',
        _meta: null,
      };
      const requestedSchema = {
        type: 'object',
        required: ['name', 'count', 'color', 'tags'],
        properties: {
          name: { type: 'string', title: 'Name' },
          note: { type: 'string', title: 'Note' },
          count: { type: 'integer', title: 'Count', minimum: 1, maximum: 5 },
          part: { type: 'number', title: 'Part', default: 0.5 },
          color: { type: 'string', title: 'Colour', enum: ['r', 'g'], enumNames: ['Red', 'Green'] },
          sure: { type: 'boolean', title: 'Sure' },
          tags: { type: 'array', title: 'Tags', items: { type: 'string', enum: ['a', 'b'] } },
        },
      };
      send({ id: 'q1', method, params: { ...ids, mode: 'form', requestedSchema } });
      const card = group(page, 'The server <b>docs</b> asks you something');
      const accept = card.getByRole('button', { name: 'Accept' });
      await card.getByLabel('Name').fill('Hugo');
      await card.getByLabel('Count').fill('7');
      await card.getByLabel('Colour').selectOption('Green');
      await card.getByLabel('Sure').check();
      await card.getByLabel('b', { exact: true }).check();
      await accept.click();
      expect(
        await card.getByLabel('Count').evaluate((field: HTMLInputElement) => field.validity.rangeOverflow),
      ).toBe(true);
      await card.getByLabel('Count').fill('3');
      await accept.click();
      await card.waitFor({ state: 'detached' });

      const visit = { ...ids, mode: 'url', url: 'javascript:alert(1)', elicitationId: 'e' };
      send({ id: 'q2', method, params: visit });
      await card.getByText('javascript:alert(1)').waitFor();
      expect(await card.getByRole('link').count()).toBe(0);
      await card.getByRole('button', { name: 'Cancel' }).click();

      const deep = { type: 'object', required: ['deep'], properties: { deep: { type: 'object' } } };
      send({ id: 'q3', method, params: { ...ids, mode: 'form', requestedSchema: deep } });
      await card.getByText('This page has no field for what is required: deep.').waitFor();
      expect(await accept.count()).toBe(0);
      await card.getByRole('button', { name: 'Decline' }).click();
      await card.waitFor({ state: 'detached' });
      const content = { name: 'Hugo', count: 3, part: 0.5, color: 'g', sure: true, tags: ['b'] };
      expect(answers).toEqual([
        { id: 'q1', result: { action: 'accept', content } },
        { id: 'q2', result: { action: 'cancel', content: null } },
        { id: 'q3', result: { action: 'decline', content: null } },
      ]);
      expect(complaints).toEqual([]);
    });

    it('and all that the agent does are told as what they are', async () => {
      const { url } = await startPlayground();
      const { page, complaints } = await openPage(browser, 'about:blank');
      const { send, threadId } = await speakWith(page, url);
      const ids = { threadId, turnId: 'U' };
      const item = (stage: 'started' | 'completed', fields: object): void =>
        send({ method: `item/${stage}`, params: { ...ids, item: fields, startedAtMs: 1, completedAtMs: 2 } });
      const search = { type: 'webSearch', id: 'w1', query: '', action: null };
      item('started', search);
      const queries = { type: 'search', query: 'the weather', queries: null };
      item('completed', { ...search, query: 'the weather', action: queries });
      const page1 = { type: 'findInPage', url: 'https://example.com/a', pattern: 'rain' };
      item('completed', { ...search, id: 'w2', query: 'rain', action: page1 });
      item('completed', { type: 'imageView', id: 'i1', path: '/repo/plan.png' });
      const call = { type: 'mcpToolCall', id: 'm1', server: 'docs', tool: 'read', arguments: { page: 1 } };
      const open = { ...call, status: 'inProgress', result: null, error: null, durationMs: null };
      item('started', open);
      send({ method: 'item/mcpToolCall/progress', params: { ...ids, itemId: 'm1', message: 'half of it' } });
      await page.locator('.entry.step', { hasText: 'Tool · half of it' }).waitFor();
      const content = [
        { type: 'text', text: 'a page' },
        { type: 'image', data: 'AAAA' },
      ];
      const result = { content, structuredContent: null, _meta: null };
      item('completed', { ...open, status: 'completed', result, durationMs: 1 });
      const plan = [
        { step: 'look', status: 'completed' },
        { step: 'do', status: 'pending' },
      ];
      send({ method: 'turn/plan/updated', params: { ...ids, explanation: 'In two steps.', plan } });
      await page.locator('.entry.step', { hasText: 'In two steps.' }).waitFor();
      await page.locator('.entry.step summary').click();
      expect(await page.locator('.entry.step').allInnerTexts()).toEqual([
        'Web search\nthe weather',
        'Web search\nrain in https://example.com/a',
        'Image · looked at\n/repo/plan.png',
        'Tool · completed\ndocs.read\nCall\n{\n  "page": 1\n}\n\na page\n[image]',
        'Plan\nIn two steps.\n● look\n○ do',
      ]);
      expect(complaints).toEqual([]);
    });
  },
);

function group(page: Page, name: string): Locator {
  return page.getByRole('group', { name, exact: true });
}

/** Waits until the loopback server repeats what a tool gave back. */
async function gaveBack(page: Page, text: string): Promise<void> {
  await page.locator('.entry.agent', { hasText: text }).last().waitFor();
}

/** The id of what has the focus. */
async function focused(page: Page): Promise<string> {
  return page.evaluate(() => document.activeElement?.id ?? '');
}
