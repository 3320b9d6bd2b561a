import { createCodexAppServer } from 'ai-sdk-provider-codex-cli';
import type { CodexAppServerProvider, CodexAppServerSettings } from 'ai-sdk-provider-codex-cli';
import { afterEach } from 'vitest';

const open = new Set<CodexAppServerProvider>();

afterEach(async () => {
  await Promise.all([...open].map((provider) => provider.close()));
  open.clear();
});

/** A provider of the AI SDK as it is published, and what it complained about. Closed after each test. */
export interface TestProvider {
  readonly provider: CodexAppServerProvider;
  /** Its warnings and errors; it warns of every notification that it cannot read. */
  readonly complaints: string[];
}

/** The provider accepts servers from generation 0.153 on, unless it is told that an older one will do. */
export function testProvider(settings: CodexAppServerSettings): TestProvider {
  const complaints: string[] = [];
  const complain = (message: string): void => void complaints.push(message);
  const logger = { debug: () => {}, info: () => {}, warn: complain, error: complain };
  const provider = createCodexAppServer({
    defaultSettings: { minCodexVersion: '0.130.0', requestTimeoutMs: 15_000, logger, ...settings },
  });
  open.add(provider);
  return { provider, complaints };
}
