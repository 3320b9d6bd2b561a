import { fileURLToPath } from 'node:url';
import { onTestFinished } from 'vitest';
import { connect } from '../../src/client/index.ts';
import type { Client, ConnectOptions } from '../../src/client/index.ts';

const fixture = fileURLToPath(new URL('../fixtures/scripted-daemon.mjs', import.meta.url));

export interface Script {
  readonly on?: Readonly<Record<string, readonly object[]>>;
  readonly start?: readonly object[];
}

export const INITIALIZE_RESPONSE = {
  userAgent: 'test/0.130.0 (test)',
  codexHome: '/home',
  platformFamily: 'unix',
  platformOs: 'linux',
};

/** What it takes to start the scripted daemon with a script. */
export function scriptedOptions(script: Script = {}): ConnectOptions {
  const on = { initialize: [{ result: INITIALIZE_RESPONSE }], ...script.on };
  return {
    command: process.execPath,
    args: [fixture, JSON.stringify({ ...script, on })],
    clientInfo: { name: 'test', title: null, version: '1.0.0' },
  };
}

/** A client of a scripted daemon; both are gone when the test has finished. */
export async function connectScripted(
  script: Script = {},
  options: Partial<ConnectOptions> = {},
): Promise<Client> {
  const client = await connect({ ...scriptedOptions(script), ...options });
  onTestFinished(async () => {
    await client.close();
  });
  return client;
}
