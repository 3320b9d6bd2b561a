import type { ResponseItem, ResponsesRequest } from '../../responses/index.ts';
import type { AuthState } from '../auth/index.ts';
import type { Config } from '../config/index.ts';
import type { CoreEnvironment } from '../environment.ts';
import { bearerToken, providerBaseUrl, providerHeaders, queryParams } from '../provider/index.ts';
import type { ModelProvider } from '../provider/index.ts';

const BASE_INSTRUCTIONS =
  'You are a coding agent at work on the user’s computer. Do what is asked, say plainly what you did and what you ' +
  'found, and be brief: what you write may be read out.';

export interface TurnRequestContext {
  readonly threadId: string;
  readonly turnId: string;
  readonly model: string;
  readonly history: readonly ResponseItem[];
  readonly config: Config;
  readonly provider: ModelProvider;
  readonly auth: AuthState;
  readonly environment: CoreEnvironment;
}

/** Builds the request for the next response of a turn. Throws when the provider's key is missing. */
export function turnRequest(context: TurnRequestContext): Omit<ResponsesRequest, 'signal'> {
  const { auth, config, environment, history, model, provider, threadId } = context;
  const token = bearerToken(provider, auth, environment.variables);
  if (!token.ok) throw new Error(token.message);
  return {
    url: responsesUrl(provider, auth),
    headers: {
      ...environment.identity.headers,
      ...providerHeaders(provider, environment.variables, environment.packageVersion),
      session_id: threadId,
      ...(token.token === null ? {} : { Authorization: `Bearer ${token.token.reveal()}` }),
    },
    body: {
      model,
      instructions: config.baseInstructions ?? BASE_INSTRUCTIONS,
      input: developerMessage(config).concat(history),
      tools: [],
      tool_choice: 'auto',
      parallel_tool_calls: false,
      reasoning: null,
      store: false,
      stream: true,
      include: [],
      prompt_cache_key: threadId,
    },
    idleTimeoutMs: provider.streamIdleTimeoutMs,
  };
}

function developerMessage({ developerInstructions }: Config): ResponseItem[] {
  if (developerInstructions === null || developerInstructions === '') return [];
  const content = [{ type: 'input_text', text: developerInstructions }];
  return [{ type: 'message', role: 'developer', content }];
}

function responsesUrl(provider: ModelProvider, auth: AuthState): string {
  const query = new URLSearchParams(queryParams(provider)).toString();
  const base = providerBaseUrl(provider, auth.kind).replace(/\/+$/, '');
  return `${base}/responses${query === '' ? '' : `?${query}`}`;
}
