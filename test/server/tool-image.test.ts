import { execFileSync } from 'node:child_process';
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { TestDaemon } from '../support/daemon.ts';
import { bytesOf, imageOf, PIXEL, sharp, urlOf } from '../support/images.ts';
import type { UpstreamRequest } from '../support/responses-upstream.ts';
import { call, openActing, outputOf, wholeCalls } from './acting.ts';
import type { Acting } from './acting.ts';
import { script, wholeTurn } from './turns.ts';

const MIB = 1024 * 1024;
const LEFT_OUT = '(an image, left out to make room for later ones)';

function shown(url: string, more: object = {}): object[] {
  return [expect.objectContaining({ type: 'input_image', image_url: url, ...more })];
}

/** The output of one call of the tool. */
async function view(acting: Acting, args: object): Promise<unknown> {
  const id = `c${acting.upstream.requests.length}`;
  return outputOf((await wholeCalls(acting, [call('view_image', args, id)])).request, id);
}

/** The parameters of which a model is told; null where it is not told of the tool. */
function parametersIn(request: UpstreamRequest): string[] | null {
  const tools = request.body['tools'] as { name?: string; parameters?: { properties: object } }[];
  const parameters = tools.find(({ name }) => name === 'view_image')?.parameters;
  return parameters === undefined ? null : Object.keys(parameters.properties);
}

describe('an image that the model looks at', () => {
  it('is given to it, and told as an item', async () => {
    const acting = await openActing();
    const { daemon, folder, threadId } = acting;
    writeFileSync(join(folder, 'dot.png'), PIXEL);
    const { request, turnId } = await wholeCalls(acting, [call('view_image', { path: 'dot.png' })]);
    expect(outputOf(request)).toEqual(shown(urlOf('png', PIXEL)));
    const told = script(threadId, turnId);
    const item = { type: 'imageView', id: 'c1', path: join(folder, 'dot.png') };
    const images = daemon
      .notifications('item/')
      .filter(({ params }) => JSON.stringify(params).includes('imageView'));
    expect(images).toEqual([told.itemStarted(item), told.itemCompleted(item)]);
  });

  it('is read also where commands run in a sandbox, from anywhere', async () => {
    const acting = await openActing({ sandbox: 'read-only' });
    writeFileSync(join(acting.outside, 'dot'), PIXEL);
    expect(await view(acting, { path: '../dot' })).toEqual(shown(urlOf('png', PIXEL)));
  });

  it('is what its content says, whatever its name says', async () => {
    const acting = await openActing();
    const gif = Buffer.from('R0lGODdhAQABAIAAAP///////ywAAAAAAQABAAACAkQBADs=', 'base64');
    writeFileSync(join(acting.folder, 'picture.png'), gif);
    writeFileSync(join(acting.folder, 'notes.txt'), PIXEL);
    expect(await view(acting, { path: 'picture.png' })).toEqual(shown(urlOf('gif', gif)));
    expect(await view(acting, { path: 'notes.txt' })).toEqual(shown(urlOf('png', PIXEL)));
  });

  it('that cannot be shown is told in words', async () => {
    const acting = await openActing();
    const at = (name: string): string => join(acting.folder, name);
    mkdirSync(at('folder.png'));
    writeFileSync(at('text.png'), 'words');
    writeFileSync(at('empty.png'), '');
    execFileSync('mkfifo', [at('pipe.png')]);
    symlinkSync('/proc/self/environ', at('environment.png'));
    symlinkSync('/dev/zero', at('device.png'));
    const reasons: Readonly<Record<string, string>> = {
      'nowhere.png': 'ENOENT',
      'folder.png': 'it is no regular file',
      'text.png': 'it is no GIF, JPEG, PNG or WebP image',
      'empty.png': 'it is empty',
      'pipe.png': 'it is no regular file',
      'environment.png': 'it is no regular file',
      'device.png': 'it is no regular file',
      '': 'it is no regular file',
    };
    const names = Object.keys(reasons);
    const { daemon } = acting;
    const { request } = await wholeCalls(
      acting,
      names.map((path, index) => call('view_image', { path }, `c${index}`)),
    );
    for (const [index, name] of names.entries()) {
      const path = name === '' ? acting.folder : at(name);
      expect(outputOf(request, `c${index}`)).toBe(
        `The image at \`${path}\` cannot be shown: ${reasons[name]}.`,
      );
    }
    expect(JSON.stringify(daemon.notifications('item/'))).not.toContain('imageView');
  });

  it.skipIf(sharp === null)('is made smaller, unless the model asks for the original', async () => {
    const acting = await openActing();
    const bytes = await imageOf(2100, 700, 'jpeg');
    writeFileSync(join(acting.folder, 'wide.jpg'), bytes);
    const [part] = (await view(acting, { path: 'wide.jpg' })) as { image_url: string }[];
    const { height, width } = (await sharp?.(bytesOf(part?.image_url ?? '').bytes).metadata()) ?? {};
    expect({ width, height }).toEqual({ width: 2048, height: 683 });
    const original = await view(acting, { path: 'wide.jpg', detail: 'original' });
    expect(original).toEqual(shown(urlOf('jpeg', bytes), { detail: 'original' }));
  });
});

describe('the detail of an image', () => {
  it.each([
    ['gpt-5.5', ['path', 'detail']],
    ['gpt-5.2', ['path']],
    ['nobody-knows', ['path']],
    ['gpt-5.3-codex-spark', null],
  ])('is offered to models that can be shown more: %s', async (model, expected) => {
    const acting = await openActing({ model });
    await wholeTurn(acting, 'hello');
    expect(parametersIn(await acting.upstream.request(0))).toEqual(expected);
  });

  it('that a model does not have is as if it had not asked', async () => {
    const acting = await openActing({ model: 'gpt-5.2' });
    writeFileSync(join(acting.folder, 'dot.png'), PIXEL);
    const output = await view(acting, { path: 'dot.png', detail: 'original' });
    expect(output).toEqual(shown(urlOf('png', PIXEL)));
    expect(output).not.toEqual(shown(urlOf('png', PIXEL), { detail: 'original' }));
  });

  it('that nobody knows is refused', async () => {
    const acting = await openActing();
    expect(await view(acting, { path: 'dot.png', detail: 'high' })).toBe(
      '`detail` can be `original` or be left out, but not `high`.',
    );
  });

  it('is of no use to a model that cannot look at images', async () => {
    const acting = await openActing({ model: 'gpt-5.3-codex-spark' });
    writeFileSync(join(acting.folder, 'dot.png'), PIXEL);
    expect(await view(acting, { path: 'dot.png' })).toBe('This model cannot look at images.');
  });
});

describe('the images of a thread', () => {
  it('become a text where there are too many, the oldest first, also after a restart', async () => {
    const acting = await openActing();
    const { daemon, folder, threadId, upstream } = acting;
    const bytes = Buffer.concat([PIXEL, Buffer.alloc(7 * MIB)]);
    writeFileSync(join(folder, 'large.png'), bytes);
    const url = urlOf('png', bytes);
    const ids = ['c1', 'c2', 'c3', 'c4'];
    const calls = ids.map((id) => call('view_image', { path: 'large.png', detail: 'original' }, id));
    const { request } = await wholeCalls(acting, calls);
    // What is compared is short, because a difference is shown.
    const outputs = (of: UpstreamRequest): string[] =>
      ids.map((id) => JSON.stringify(outputOf(of, id)).replace(url, 'the image'));
    const left = JSON.stringify(LEFT_OUT);
    const image = JSON.stringify([{ type: 'input_image', image_url: 'the image', detail: 'original' }]);
    const expected = [left, left, image, image];
    expect(outputs(request)).toEqual(expected);
    await daemon.stop();
    const other = await TestDaemon.open({ home: daemon.home });
    await other.request('thread/resume', { threadId });
    const { index } = await wholeTurn({ daemon: other, threadId, upstream }, 'next');
    expect(outputs(await upstream.request(index))).toEqual(expected);
  });
});
