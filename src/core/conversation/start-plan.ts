import type { RealtimeVoice, ThreadRealtimeStartParams } from '../../protocol/index.ts';
import { mergeHeaders, realtimeUrl, V1, V2, VOICES } from '../../realtime/index.ts';
import type { Headers, SessionSettings, WireVersion } from '../../realtime/index.ts';
import { isHeaderValue } from '../../util/header-value.ts';
import type { AuthState } from '../auth/index.ts';
import type { Config } from '../config/index.ts';
import { providerBaseUrl, providerHeaders, queryParams, realtimeApiKey } from '../provider/index.ts';
import type { ModelProvider } from '../provider/index.ts';

const DEFAULT_MODEL = 'gpt-realtime-1.5';

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
  readonly url: string;
  readonly headers: Headers;
  readonly session: Readonly<Record<string, unknown>>;
  readonly connectTimeoutMs: number;
}

export type StartPlanOutcome = { ok: true; plan: StartPlan } | { ok: false; message: string };

/** Resolves request, configuration and credentials. Opens nothing, so a failure leaves everything as it was. */
export function planStart(params: ThreadRealtimeStartParams, context: StartContext): StartPlanOutcome {
  const { config, provider } = context;
  const version = (params.version ?? config.realtime.version) === 'v1' ? V1 : V2;
  if (params.transport?.type === 'webrtc') {
    return failure('the webrtc transport is not available; start the session with the websocket transport');
  }
  if (!version.outputModalities.includes(params.outputModality)) {
    return failure(`output modality \`${params.outputModality}\` needs realtime version v2`);
  }
  const voice = params.voice ?? config.realtime.voice ?? VOICES[version.name].defaultVoice;
  const voiceProblem = checkVoice(voice, version);
  if (voiceProblem !== null) return failure(voiceProblem);
  const key = realtimeApiKey(provider, context.auth, context.environment);
  if (!key.ok) return failure(key.message);
  const realtimeSessionId = params.realtimeSessionId ?? context.threadId;
  if (!isHeaderValue(realtimeSessionId)) {
    return failure('`realtimeSessionId` has characters that a header cannot carry');
  }
  const url = realtimeUrl({
    baseUrl: config.realtime.socketBaseUrl ?? providerBaseUrl(provider, 'apiKey'),
    intent: version.intent,
    model: params.model ?? config.realtime.model ?? DEFAULT_MODEL,
    queryParams: queryParams(provider),
  });
  if (!url.ok) return url;
  return {
    ok: true,
    plan: {
      version,
      realtimeSessionId,
      url: url.url,
      headers: mergeHeaders(
        providerHeaders(provider, context.environment, context.packageVersion),
        { 'x-session-id': realtimeSessionId, Authorization: `Bearer ${key.key.reveal()}` },
        context.defaultHeaders,
      ),
      session: version.session(settings(params, voice, context)),
      connectTimeoutMs: config.realtime.connectTimeoutMs,
    },
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
