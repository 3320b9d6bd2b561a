import type {
  AskForApproval,
  McpServerElicitationRequestParams,
  McpServerElicitationRequestResponse,
} from '../../protocol/index.ts';
import type { ElicitationAnswer, ElicitationRequest } from '../../mcp/index.ts';
import type { Ask } from '../questions.ts';

export interface Elicitation {
  readonly threadId: string;
  /** The turn on whose behalf the server works; null where that is not known. */
  readonly turnId: string | null;
  readonly serverName: string;
  readonly request: ElicitationRequest;
}

export interface ElicitationWays {
  readonly ask: Ask;
  readonly approvalPolicy: () => AskForApproval;
  /** Called when it begins and ends that somebody is asked. */
  readonly onWaiting: (isWaiting: boolean) => void;
}

/** What a server is told where nobody is asked. */
export const DECLINED: ElicitationAnswer = { action: 'decline', content: null, meta: null };

/**
 * Puts a server's question to the user. Declines it where the policy says that nobody is asked, and where nobody is there.
 * Rejects when the signal aborts.
 */
export async function askElicitation(
  elicitation: Elicitation,
  { approvalPolicy, ask, onWaiting }: ElicitationWays,
  signal: AbortSignal,
): Promise<ElicitationAnswer> {
  if (!mayAsk(approvalPolicy())) return DECLINED;
  onWaiting(true);
  try {
    const answer = await ask('elicitation', paramsOf(elicitation), signal);
    return answer === null ? DECLINED : answerOf(answer);
  } finally {
    onWaiting(false);
  }
}

function mayAsk(policy: AskForApproval): boolean {
  return typeof policy === 'object' ? policy.granular.mcp_elicitations : policy !== 'never';
}

function paramsOf({ request, serverName, threadId, turnId }: Elicitation): McpServerElicitationRequestParams {
  const ids = { threadId, turnId, serverName };
  const { message, meta } = request;
  if (request.mode === 'url') {
    const { elicitationId, url } = request;
    return { ...ids, mode: 'url', message, url, elicitationId, _meta: meta };
  }
  return { ...ids, mode: 'form', message, requestedSchema: request.requestedSchema, _meta: meta };
}

function answerOf({ _meta, action, content }: McpServerElicitationRequestResponse): ElicitationAnswer {
  return { action, content: content ?? null, meta: _meta ?? null };
}
