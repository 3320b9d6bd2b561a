import { planStart } from '../../../../src/core/conversation/index.ts';
import type { StartContext } from '../../../../src/core/conversation/start-plan.ts';
import { resolveProvider } from '../../../../src/core/provider/index.ts';
import type { ThreadRealtimeStartParams } from '../../../../src/protocol/index.ts';
import { Secret } from '../../../../src/util/secret.ts';
import { configOf } from '../../config/home.ts';

export const THREAD_ID = '0199a000-0000-7000-8000-000000000001';

export const OFFER = 'v=0\r\na=offer\r\n';

export const CHATGPT = {
  kind: 'chatgpt',
  accessToken: new Secret('token-of-chatgpt'),
  accountId: 'account',
  email: null,
  planType: null,
} as const;

export interface Situation extends Partial<Omit<StartContext, 'config' | 'provider'>> {
  /** Text of `config.toml`. */
  readonly config?: string;
}

/** Plans a start with an API key login, unless the situation says otherwise. */
export function plan(
  params: Partial<ThreadRealtimeStartParams> = {},
  { config = '', ...rest }: Situation = {},
) {
  const loaded = configOf({ user: config });
  const resolved = resolveProvider(loaded, rest.environment ?? {});
  if (!resolved.ok) throw new Error(resolved.message);
  return planStart(
    { threadId: THREAD_ID, outputModality: 'audio', ...params },
    {
      threadId: THREAD_ID,
      config: loaded,
      provider: resolved.provider,
      auth: { kind: 'apiKey', apiKey: new Secret('key-of-login') },
      environment: {},
      packageVersion: '1.2.3',
      defaultHeaders: { originator: 'test', 'User-Agent': 'test/1' },
      defaultPrompt: () => 'default prompt',
      startupContext: '',
      ...rest,
    },
  );
}

export function planned(...args: Parameters<typeof plan>) {
  const outcome = plan(...args);
  if (!outcome.ok) throw new Error(outcome.message);
  return outcome.plan;
}

/** The plan of a session that has a socket of its own. */
export function plannedSocket(...args: Parameters<typeof plan>) {
  const { transport } = planned(...args);
  if (transport.type !== 'websocket') throw new Error(`expected a socket, not ${transport.type}`);
  return transport;
}

/** The plan of a session whose call is made. */
export function plannedCall(params: Partial<ThreadRealtimeStartParams> = {}, situation: Situation = {}) {
  const { transport } = planned({ transport: { type: 'webrtc', sdp: OFFER }, ...params }, situation);
  if (transport.type !== 'call') throw new Error(`expected a call, not ${transport.type}`);
  return transport;
}

export function refused(...args: Parameters<typeof plan>): string {
  const outcome = plan(...args);
  if (outcome.ok) throw new Error('expected a refusal');
  return outcome.message;
}
