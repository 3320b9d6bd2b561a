import { generateText, jsonSchema, Output, streamText } from 'ai';
import { describe, expect, it } from 'vitest';
import { PROGRAM } from '../support/daemon.ts';
import { ResponsesUpstream } from '../support/responses-upstream.ts';
import { testProvider } from './ai-provider.ts';
import type { TestProvider } from './ai-provider.ts';
import { clientPlace } from './program.ts';

/** The smallest PNG: one transparent pixel. */
const PNG =
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg==';

const SCHEMA = {
  type: 'object' as const,
  properties: { name: { type: 'string' as const } },
  required: ['name'],
  additionalProperties: false,
};

describe('ai-sdk-provider-codex-cli: what a call becomes at the upstream', () => {
  it('sends the model, the system prompt and the text', async () => {
    const upstream = await ResponsesUpstream.open();
    const { provider, complaints } = upstreamProvider(upstream);
    const result = generateText({ model: provider('other-model'), system: 'Be brief.', prompt: 'Hello.' });
    const request = await upstream.request();
    request.answer('msg-1', ['Hi', ' there.']);
    expect((await result).text).toBe('Hi there.');
    expect(request.body).toMatchObject({ model: 'other-model' });
    const input = request.body['input'];
    expect(input).toContainEqual(
      expect.objectContaining({
        role: 'developer',
        content: expect.arrayContaining([
          expect.objectContaining({ text: expect.stringContaining('Be brief.') as string }),
        ]) as unknown[],
      }),
    );
    expect((input as unknown[]).at(-1)).toEqual({
      type: 'message',
      role: 'user',
      content: [{ type: 'input_text', text: 'User: Hello.' }],
    });
    expect(complaints).toEqual([]);
  });

  it('asks for an object by its schema', async () => {
    const upstream = await ResponsesUpstream.open();
    const { provider } = upstreamProvider(upstream);
    const result = generateText({
      model: provider('test-model'),
      output: Output.object({ schema: jsonSchema(SCHEMA) }),
      prompt: 'Who are you?',
    });
    const request = await upstream.request();
    request.answer('msg-1', ['{"name":', '"Parley"}']);
    expect((await result).output).toEqual({ name: 'Parley' });
    expect(request.body['text']).toMatchObject({
      format: { type: 'json_schema', strict: true, schema: SCHEMA },
    });
  });

  it('sends an image', async () => {
    const upstream = await ResponsesUpstream.open();
    const { provider } = upstreamProvider(upstream);
    const result = generateText({
      model: provider('test-model'),
      messages: [
        {
          role: 'user',
          content: [
            { type: 'text', text: 'What is this?' },
            { type: 'image', image: Buffer.from(PNG, 'base64'), mediaType: 'image/png' },
          ],
        },
      ],
    });
    const request = await upstream.request();
    request.answer('msg-1', ['A pixel.']);
    expect((await result).text).toBe('A pixel.');
    expect(JSON.stringify(request.body['input'])).toContain(`"image_url":"data:image/png;base64,${PNG}"`);
  });

  it('ends the request when the call is aborted', async () => {
    const upstream = await ResponsesUpstream.open();
    const { provider } = upstreamProvider(upstream);
    const abort = new AbortController();
    const result = streamText({
      model: provider('test-model'),
      prompt: 'Tell a story.',
      abortSignal: abort.signal,
    });
    const request = await upstream.request();
    request.begin('msg-1', ['Once']);
    const types: string[] = [];
    for await (const part of result.fullStream) {
      types.push(part.type);
      if (part.type === 'text-delta') abort.abort();
    }
    expect(types.at(-1)).toBe('abort');
    await upstream.until('the end of the request', () => request.isGone || undefined);
  });

  it('fails when the upstream refuses, and says why', async () => {
    const upstream = await ResponsesUpstream.open();
    const { provider } = upstreamProvider(upstream);
    const result = generateText({ model: provider('test-model'), prompt: 'Hello.', maxRetries: 0 });
    const refused = upstream
      .request()
      .then((request) => request.refuse(400, '{"error":{"message":"no such thing"}}'));
    await Promise.all([expect(result).rejects.toThrow('no such thing'), refused]);
  });
});

/** A provider that starts the built program itself, which finds the upstream in its `config.toml`. */
function upstreamProvider(upstream: ResponsesUpstream): TestProvider {
  const { env, workingDirectory } = clientPlace({ config: upstream.config() });
  return testProvider({ codexPath: PROGRAM, env: { ...env }, cwd: workingDirectory });
}
