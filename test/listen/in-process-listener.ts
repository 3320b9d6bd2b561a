import { onTestFinished } from 'vitest';
import { LISTENER_LIMITS, openListener } from '../../src/listen/index.ts';
import type { Listener } from '../../src/listen/index.ts';
import type { ListenerLimits } from '../../src/listen/limits.ts';
import type { RpcConnection } from '../../src/rpc/index.ts';

/** Something that was logged. */
export interface LogLine {
  readonly message: string;
  readonly fields: Readonly<Record<string, unknown>>;
}

export interface OpenedListener {
  readonly listener: Listener;
  readonly log: readonly LogLine[];
}

/** A listener in this process, on a free port, closed after the test. */
export async function openTestListener(
  accept: (rpc: RpcConnection) => { readonly holdsUpOthers: boolean },
  limits: Partial<ListenerLimits> = {},
): Promise<OpenedListener> {
  const log: LogLine[] = [];
  const write = (fields: Readonly<Record<string, unknown>>, message: string): void =>
    void log.push({ message, fields });
  const listener = await openListener({
    address: { kind: 'webSocket', host: '127.0.0.1', port: 0 },
    policy: null,
    allowedOrigins: [],
    accept,
    limits: { ...LISTENER_LIMITS, ...limits },
    logger: { debug: write, info: write, warn: write, error: write },
    now: () => 0,
  });
  onTestFinished(() => listener.close(100));
  return { listener, log };
}
