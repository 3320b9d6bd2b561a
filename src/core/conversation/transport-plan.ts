import type { ThreadRealtimeStartParams } from '../../protocol/index.ts';
import { callRequest, callsUrl, mergeHeaders, realtimeUrl } from '../../realtime/index.ts';
import type { Headers, WireVersion } from '../../realtime/index.ts';
import {
  authorization,
  providerBaseUrl,
  providerHeaders,
  queryParams,
  realtimeApiKey,
} from '../provider/index.ts';
import type { CallPlan, StartContext, TransportPlan } from './start-plan.ts';

const DEFAULT_MODEL = 'gpt-realtime-1.5';

export type TransportOutcome =
  { readonly ok: true; readonly transport: TransportPlan } | { readonly ok: false; readonly message: string };

export interface TransportParts {
  readonly params: ThreadRealtimeStartParams;
  readonly context: StartContext;
  readonly version: WireVersion;
  readonly realtimeSessionId: string;
  readonly session: Readonly<Record<string, unknown>>;
}

/** Resolves how a session is reached, with what credentials. A plain socket needs an API key; a call takes any login. */
export function planTransport(parts: TransportParts): TransportOutcome {
  const { context, params } = parts;
  const { transport } = params;
  if (transport == null || transport.type === 'websocket') return planSocket(parts);
  const login = authorization(context.provider, context.auth, context.environment);
  if (!login.ok) return login;
  const headers = headersWith(parts, login.headers);
  const url = sidebandUrl(parts);
  if (!url.ok) return url;
  const sideband = { url: url.url, headers, maxRetries: context.provider.requestMaxRetries };
  if (transport.type === 'existingCall') {
    if (!CALL_ID.test(transport.callId)) {
      return { ok: false, message: '`callId` is not the id of a call: it begins with `rtc_`' };
    }
    return { ok: true, transport: { type: 'existingCall', callId: transport.callId, sideband } };
  }
  const call = planCall(parts, transport.sdp, login.headers);
  if (!call.ok) return call;
  return { ok: true, transport: { type: 'call', call: call.call, sideband } };
}

/** What the API names calls by. */
const CALL_ID = /^rtc_[A-Za-z0-9_-]+$/;

function planSocket(parts: TransportParts): TransportOutcome {
  const { config, provider, auth, environment } = parts.context;
  const key = realtimeApiKey(provider, auth, environment);
  if (!key.ok) return key;
  const url = realtimeUrl({
    baseUrl: config.realtime.socketBaseUrl ?? providerBaseUrl(provider, 'apiKey'),
    intent: parts.version.intent,
    model: modelOf(parts),
    queryParams: queryParams(provider),
  });
  if (!url.ok) return url;
  const headers = headersWith(parts, { Authorization: `Bearer ${key.key.reveal()}` });
  return { ok: true, transport: { type: 'websocket', url: url.url, headers } };
}

function planCall(
  parts: TransportParts,
  sdp: string,
  login: Headers,
): { readonly ok: true; readonly call: CallPlan } | { readonly ok: false; readonly message: string } {
  const { auth, config, provider } = parts.context;
  const baseUrl = config.realtime.callBaseUrl ?? providerBaseUrl(provider, auth.kind);
  const url = checkedCallUrl(callsUrl(baseUrl, queryParams(provider)));
  if (!url.ok) return url;
  const request = callRequest(baseUrl, sdp, { ...parts.session, model: modelOf(parts) });
  const headers = headersWith(parts, { ...request.headers, ...login });
  return { ok: true, call: { url: url.url, headers, body: request.body } };
}

/** The URL without a user's name and password, which the login replaces and which no HTTP client takes. */
function checkedCallUrl(text: string): ReturnType<typeof realtimeUrl> {
  if (!URL.canParse(text))
    return { ok: false, message: 'the base URL for realtime calls is not a valid URL' };
  const url = new URL(text);
  if (url.protocol !== 'http:' && url.protocol !== 'https:') {
    const scheme = url.protocol.slice(0, -1);
    return {
      ok: false,
      message: `the base URL for realtime calls has the scheme \`${scheme}\`; expected http or https`,
    };
  }
  if (url.username === '' && url.password === '') return { ok: true, url: text };
  url.username = '';
  url.password = '';
  return { ok: true, url: url.href };
}

function sidebandUrl({ context, version }: TransportParts): ReturnType<typeof realtimeUrl> {
  const { config, provider } = context;
  return realtimeUrl({
    baseUrl: config.realtime.socketBaseUrl ?? providerBaseUrl(provider, 'apiKey'),
    intent: version.intent,
    model: null,
    queryParams: queryParams(provider),
  });
}

function modelOf({ context, params }: TransportParts): string {
  return params.model ?? context.config.realtime.model ?? DEFAULT_MODEL;
}

function headersWith({ context, realtimeSessionId }: TransportParts, extra: Headers): Headers {
  return mergeHeaders(
    providerHeaders(context.provider, context.environment, context.packageVersion),
    { 'x-session-id': realtimeSessionId, ...extra },
    context.defaultHeaders,
  );
}
