import { generateText, streamText } from 'ai';
import { DEFAULT_MIN_CODEX_VERSION } from 'ai-sdk-provider-codex-cli';
import type { CodexAppServerSession, CodexAppServerSettings } from 'ai-sdk-provider-codex-cli';
import { describe, expect, it } from 'vitest';
import { testProvider } from './ai-provider.ts';
import type { TestProvider } from './ai-provider.ts';
import { clientPlace } from './program.ts';

describe('ai-sdk-provider-codex-cli on the loopback upstream', () => {
  it('holds a text turn with generateText', async () => {
    const { provider, complaints } = loopbackProvider();
    const result = await generateText({ model: provider('test-model'), prompt: 'Say hello to the world.' });
    expect(result.text).toBe('The loopback server was asked: "User: Say hello to the world."');
    expect(result.finishReason).toBe('stop');
    expect(result.usage).toMatchObject({
      inputTokens: expect.any(Number) as number,
      outputTokens: expect.any(Number) as number,
    });
    expect(result.warnings).toEqual([]);
    expect(result.providerMetadata?.['codex-app-server']).toMatchObject({
      threadId: expect.any(String) as string,
      turnId: expect.any(String) as string,
    });
    expect(complaints).toEqual([]);
  });

  it('holds a text turn with streamText', async () => {
    const { provider, complaints } = loopbackProvider();
    const result = streamText({ model: provider('test-model'), prompt: 'Count.' });
    const parts: { type: string; text?: string }[] = [];
    for await (const part of result.fullStream) {
      parts.push({ type: part.type, ...(part.type === 'text-delta' ? { text: part.text } : {}) });
    }
    expect(parts).toEqual([
      { type: 'start' },
      { type: 'start-step' },
      { type: 'text-start' },
      ...['The', ' loopback', ' server', ' was', ' asked:', ' "User:', ' Count."'].map((text) => ({
        type: 'text-delta',
        text,
      })),
      { type: 'text-end' },
      { type: 'finish-step' },
      { type: 'finish' },
    ]);
    expect(complaints).toEqual([]);
  });

  it('holds turns side by side in one process', async () => {
    const { provider, complaints } = loopbackProvider();
    const names = ['Anna', 'Ben', 'Clara', 'Dora'];
    const results = await Promise.all(
      names.map(async (name) => generateText({ model: provider('test-model'), prompt: `I am ${name}.` })),
    );
    expect(results.map(({ text }) => text)).toEqual(
      names.map((name) => `The loopback server was asked: "User: I am ${name}."`),
    );
    expect(complaints).toEqual([]);
  });

  it('adds to a turn that is under way, and interrupts it, through a session', async () => {
    const sessions: CodexAppServerSession[] = [];
    const { provider, complaints } = loopbackProvider({
      onSessionCreated: (session) => void sessions.push(session),
    });
    await generateText({ model: provider('test-model'), prompt: 'Hello.' });
    const [session] = sessions;
    if (session === undefined) throw new Error('the provider made no session');
    await session.injectMessage('slow 600: tell a long story');
    const { turnId } = session;
    await session.injectMessage('and make it sad');
    expect(session.turnId).toBe(turnId);
    expect(session.isActive()).toBe(true);
    await session.interrupt();
    expect(session.isActive()).toBe(false);
    expect(complaints).toEqual([]);
  });

  it('lists models, one of them the default', async () => {
    const { provider } = loopbackProvider();
    const { models, defaultModel, nextCursor } = await provider.listModels();
    expect(models).toContain(defaultModel);
    expect(nextCursor).toBeNull();
  });

  it('refuses the generation of Parley unless it is told that it will do', async () => {
    const { provider } = loopbackProvider({ minCodexVersion: DEFAULT_MIN_CODEX_VERSION });
    const refused = generateText({ model: provider('test-model'), prompt: 'Hello.', maxRetries: 0 });
    await expect(refused).rejects.toThrow("'0.130.0' is below required minimum '0.153.0'");
  });
});

function loopbackProvider(settings: CodexAppServerSettings = {}): TestProvider {
  const { env, program, workingDirectory } = clientPlace();
  return testProvider({ codexPath: program, env: { ...env }, cwd: workingDirectory, ...settings });
}
