import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { TestDaemon } from '../support/daemon.ts';
import { PIXEL } from '../support/images.ts';
import { beginCalls, call, openActing, outputOf } from './acting.ts';
import { endOf, openThread, startTurn, text, wholeTurn } from './turns.ts';

const REFUSAL = JSON.stringify({
  error: { message: 'The image data you provided does not represent a valid image. Please check it.' },
});

describe('an image that the provider refuses', () => {
  it('of a tool becomes a text, one output after the other, and the turn goes on', async () => {
    const acting = await openActing();
    const { daemon, folder, threadId, upstream } = acting;
    writeFileSync(join(folder, 'dot.png'), PIXEL);
    const { next, turnId } = await beginCalls(acting, [
      call('view_image', { path: 'dot.png' }),
      call('view_image', { path: 'dot.png' }, 'c2'),
      call('update_plan', { plan: [] }, 'c3'),
    ]);
    const first = await next();
    const image = [expect.objectContaining({ type: 'input_image' })];
    expect(['c1', 'c2', 'c3'].map((id) => outputOf(first, id))).toEqual([image, image, 'Plan updated']);
    first.refuse(400, REFUSAL);
    const second = await upstream.request(2);
    expect(['c1', 'c2', 'c3'].map((id) => outputOf(second, id))).toEqual([
      image,
      'Invalid image',
      'Plan updated',
    ]);
    second.refuse(400, REFUSAL);
    const third = await upstream.request(3);
    expect(['c1', 'c2', 'c3'].map((id) => outputOf(third, id))).toEqual([
      'Invalid image',
      'Invalid image',
      'Plan updated',
    ]);
    third.answer('m1', ['done']);
    expect((await endOf(daemon, turnId))['status']).toBe('completed');
    expect(daemon.notifications('error')).toEqual([]);
    await daemon.stop();
    const other = await TestDaemon.open({ home: daemon.home });
    await other.request('thread/resume', { threadId });
    const { index } = await wholeTurn({ daemon: other, threadId, upstream }, 'next');
    expect(JSON.stringify(upstream.requests[index]?.input)).not.toContain('input_image');
  });

  it('of the user ends the turn with an error', async () => {
    const acting = await openActing();
    const { daemon, upstream } = acting;
    const url = 'data:image/png;base64,AA';
    const input = [text('look'), { type: 'image', url }];
    const turnId = await startTurn(acting, 'look', { input });
    (await upstream.request()).refuse(400, REFUSAL);
    const { error, status } = await endOf(daemon, turnId);
    expect({ error, status }).toEqual({
      status: 'failed',
      error: { message: REFUSAL, codexErrorInfo: 'badRequest', additionalDetails: null },
    });
    expect(daemon.notifications('error')).toHaveLength(1);
    expect(upstream.requests).toHaveLength(1);
  });
});

it('an image is told in words to a model that reads text only, and shown again to one that does not', async () => {
  const thread = await openThread();
  const image = { type: 'image', url: `data:image/png;base64,${PIXEL.toString('base64')}` };
  await wholeTurn(thread, 'look', { input: [text('look'), image] });
  await wholeTurn(thread, 'again', { model: 'gpt-5.3-codex-spark' });
  await wholeTurn(thread, 'and again', { model: 'gpt-5.5' });
  const shown = thread.upstream.requests.map(({ input }) => JSON.stringify(input));
  expect(shown.map((input) => input.includes(image.url))).toEqual([true, false, true]);
  expect(shown[1]).toContain('(an image, which this model cannot be shown)');
});
