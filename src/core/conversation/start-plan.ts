import type { RealtimeVoice, ThreadRealtimeStartParams } from '../../protocol/index.ts';
import { V1, V2, VOICES } from '../../realtime/index.ts';
import type { Headers, SessionSettings, WireVersion } from '../../realtime/index.ts';
import { isHeaderValue } from '../../util/header-value.ts';
import type { AuthState } from '../auth/index.ts';
import type { Config } from '../config/index.ts';
import type { ModelProvider } from '../provider/index.ts';
import { planTransport } from './transport-plan.ts';

/** What a start needs to know besides the request. */
export interface StartContext {
  readonly threadId: string;
  readonly config: Config;
  readonly provider: ModelProvider;
  readonly auth: AuthState;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly packageVersion: string;
  /** Headers that name the client, for requests that set no such header themselves. */
  readonly defaultHeaders: Headers;
  /** The instructions where neither configuration nor request has any. */
  readonly defaultPrompt: () => string;
  /** What the voice model is told of the thread and the workspace, where the configuration does not say it. */
  readonly startupContext: string;
}

/** Everything that is needed to open a session. */
export interface StartPlan {
  readonly version: WireVersion;
  readonly realtimeSessionId: string;
  readonly transport: TransportPlan;
  readonly session: Readonly<Record<string, unknown>>;
  readonly connectTimeoutMs: number;
}

/** How the session is reached: by a socket of its own, or by one that joins a call. */
export type TransportPlan =
  | { readonly type: 'websocket'; readonly url: string; readonly headers: Headers }
  | { readonly type: 'call'; readonly call: CallPlan; readonly sideband: SidebandPlan }
  | { readonly type: 'existingCall'; readonly callId: string; readonly sideband: SidebandPlan };

/** The request that makes a call out of a client's offer. */
export interface CallPlan {
  readonly url: string;
  readonly headers: Headers;
  readonly body: string;
}

/** The socket by which a call is joined. */
export interface SidebandPlan {
  /** Without the id of the call. */
  readonly url: string;
  readonly headers: Headers;
  /** How often making and joining the call are tried again. */
  readonly maxRetries: number;
}

export type StartPlanOutcome = { ok: true; plan: StartPlan } | { ok: false; message: string };

/** Resolves request, configuration and credentials. Opens nothing, so a failure leaves everything as it was. */
export function planStart(params: ThreadRealtimeStartParams, context: StartContext): StartPlanOutcome {
  const { config } = context;
  const version = (params.version ?? config.realtime.version) === 'v1' ? V1 : V2;
  if (!version.outputModalities.includes(params.outputModality)) {
    return failure(`output modality \`${params.outputModality}\` needs realtime version v2`);
  }
  const voice = params.voice ?? config.realtime.voice ?? VOICES[version.name].defaultVoice;
  const voiceProblem = checkVoice(voice, version);
  if (voiceProblem !== null) return failure(voiceProblem);
  const realtimeSessionId = params.realtimeSessionId ?? context.threadId;
  if (!isHeaderValue(realtimeSessionId)) {
    return failure('`realtimeSessionId` has characters that a header cannot carry');
  }
  const session = version.session(settings(params, voice, context));
  const transport = planTransport({ params, context, version, realtimeSessionId, session });
  if (!transport.ok) return transport;
  const { connectTimeoutMs } = config.realtime;
  return {
    ok: true,
    plan: { version, realtimeSessionId, transport: transport.transport, session, connectTimeoutMs },
  };
}

function failure(message: string): StartPlanOutcome {
  return { ok: false, message };
}

function checkVoice(voice: RealtimeVoice, version: WireVersion): string | null {
  const { voices } = VOICES[version.name];
  if (voices.includes(voice)) return null;
  return `realtime voice \`${voice}\` is not supported for ${version.name}; supported voices: ${voices.join(', ')}`;
}

function settings(
  params: ThreadRealtimeStartParams,
  voice: RealtimeVoice,
  { config, defaultPrompt, startupContext }: StartContext,
): SessionSettings {
  const configured = config.realtime.prompt;
  const requested = params.prompt === undefined ? defaultPrompt() : (params.prompt ?? '');
  const prompt = configured !== null && configured.trim() !== '' ? configured : requested;
  const context = config.realtime.startupContext ?? startupContext;
  return {
    mode: config.realtime.type,
    instructions: [prompt, context].filter((part) => part !== '').join('\n\n'),
    voice,
    outputModality: params.outputModality,
  };
}
