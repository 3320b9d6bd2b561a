import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it, onTestFinished } from 'vitest';
import { readHead } from '../../../src/core/rollout/head.ts';

const meta = {
  id: '01a1fb3d-6f72-79e3-93d9-00bf3dcfbd64',
  timestamp: '2026-11-20T23:15:21.488Z',
  cwd: '/repo',
  originator: 'my_ide',
  cli_version: '0.130.0',
  source: 'vscode',
  model_provider: 'mock_provider',
};

describe('the head of a rollout file', () => {
  it('is what a list needs of the first lines', async () => {
    const path = await fileOf(
      line('session_meta', { ...meta, base_instructions: { text: 'long' }, dynamic_tools: [] }),
      line('event_msg', { type: 'task_started', turn_id: 'U' }),
      userMessage('context\n## My request for Codex:\n do it '),
      userMessage('second'),
    );
    expect(await readHead(path)).toEqual({
      kind: 'thread',
      meta,
      preview: 'do it',
      firstUserMessage: 'context\n## My request for Codex:\n do it ',
    });
  });

  it('is found when the last line has no line feed, and in lines that are spelled otherwise', async () => {
    const spaced = JSON.stringify({ type: 'session_meta', payload: meta, timestamp: 'x' }, null, 1);
    const path = await fileOf(
      '\n',
      'no line\n',
      `${spaced.replaceAll('\n', ' ')}\n`,
      userMessage('hi').trimEnd(),
    );
    expect(await readHead(path)).toEqual({ kind: 'thread', meta, preview: 'hi', firstUserMessage: 'hi' });
  });

  it('is that of the first usable session_meta', async () => {
    const path = await fileOf(
      line('session_meta', { id: 'damaged' }),
      line('session_meta', meta),
      line('session_meta', { ...meta, id: 'the source of a fork', forked_from_id: null }),
      userMessage('hi'),
    );
    expect(await readHead(path)).toEqual({ kind: 'thread', meta, preview: 'hi', firstUserMessage: 'hi' });
  });

  it('holds no user message that comes before session_meta', async () => {
    const path = await fileOf(userMessage('early'), line('session_meta', meta));
    expect(await readHead(path)).toEqual({ kind: 'noUserMessage', meta });
  });

  it.each([9, 10])('looks for session_meta in ten lines: %i before it', async (before) => {
    const path = await fileOf(...filler(before), line('session_meta', meta), userMessage('hi'));
    const expected = before < 10 ? 'thread' : 'notAThread';
    expect((await readHead(path)).kind).toBe(expected);
  });

  it.each([208, 209])('looks for a user message in two hundred lines more: %i between', async (between) => {
    const path = await fileOf(line('session_meta', meta), ...filler(between), userMessage('hi'));
    const expected = between < 209 ? 'thread' : 'noUserMessage';
    expect((await readHead(path)).kind).toBe(expected);
  });

  it('reads past long lines, but not for ever', async () => {
    const image = 'A'.repeat(7 * 1024 * 1024);
    const item = line('response_item', { type: 'message', content: [{ image_url: image }] });
    const path = await fileOf(line('session_meta', meta), item, userMessage('hi'));
    expect((await readHead(path)).kind).toBe('thread');
    const longer = await fileOf(line('session_meta', meta), item, item, userMessage('hi'));
    expect(await readHead(longer)).toEqual({ kind: 'noUserMessage', meta });
  });

  it('says why a file is none', async () => {
    expect(await readHead(await fileOf())).toEqual({ kind: 'notAThread' });
    expect(await readHead(await fileOf('\0\0\0\n', '{"type":7}\n', '[]\n'))).toEqual({ kind: 'notAThread' });
    expect(await readHead(await fileOf(line('session_meta', meta)))).toEqual({ kind: 'noUserMessage', meta });
    const folder = await scratch();
    expect(await readHead(folder)).toEqual({ kind: 'unreadable', code: 'EISDIR' });
    expect(await readHead(join(folder, 'none'))).toEqual({ kind: 'unreadable', code: 'ENOENT' });
  });

  it.skipIf(process.getuid?.() === 0)('says that a file may not be read', async () => {
    const path = await fileOf(line('session_meta', meta), userMessage('hi'));
    await chmod(path, 0o000);
    expect(await readHead(path)).toEqual({ kind: 'unreadable', code: 'EACCES' });
  });

  it('takes any bytes', async () => {
    const path = join(await scratch(), 'any.jsonl');
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 500 }), fc.boolean(), async (bytes, hasMeta) => {
        const start = Buffer.from(hasMeta ? line('session_meta', meta) : '');
        await writeFile(path, Buffer.concat([start, bytes, Buffer.from(`\n${userMessage('hi')}`)]));
        const expected = hasMeta
          ? { kind: 'thread', meta, preview: 'hi', firstUserMessage: 'hi' }
          : { kind: 'notAThread' };
        expect(await readHead(path)).toEqual(expected);
      }),
    );
  });
});

function line(type: string, payload: object): string {
  return `${JSON.stringify({ timestamp: '2026-11-20T23:15:22.103Z', type, payload })}\n`;
}

function userMessage(message: string): string {
  return line('event_msg', {
    type: 'user_message',
    message,
    images: [],
    local_images: [],
    text_elements: [],
  });
}

function filler(count: number): string[] {
  return Array.from({ length: count }, (_, index) => line('response_item', { index }));
}

async function fileOf(...lines: readonly string[]): Promise<string> {
  const path = join(await scratch(), 'rollout.jsonl');
  await writeFile(path, lines.join(''));
  return path;
}

async function scratch(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'parley-head-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}
