import * as z from 'zod/mini';
import { AbsolutePathBuf, int64 } from '../scalars.ts';
import { TurnError } from './error.ts';
import { UserInput } from './input.ts';
import { ThreadItem } from './item.ts';
import { CollaborationMode, Personality, ReasoningEffort, ReasoningSummary } from './model.ts';
import {
  ApprovalsReviewer,
  AskForApproval,
  PermissionProfileSelectionParams,
  SandboxPolicy,
} from './permissions.ts';

export const TurnStatus = z.enum(['completed', 'interrupted', 'failed', 'inProgress']);
export type TurnStatus = z.infer<typeof TurnStatus>;

export const TurnItemsView = z.enum(['notLoaded', 'summary', 'full']);
export type TurnItemsView = z.infer<typeof TurnItemsView>;

/** One turn. `startedAt` and `completedAt` are Unix seconds; `items` is empty while `itemsView` is `notLoaded`. */
export const Turn = z.object({
  id: z.string(),
  items: z.array(ThreadItem),
  itemsView: TurnItemsView,
  status: TurnStatus,
  error: z.nullable(TurnError),
  startedAt: z.nullable(int64),
  completedAt: z.nullable(int64),
  durationMs: z.nullable(int64),
});
export type Turn = z.infer<typeof Turn>;

export const TurnEnvironmentParams = z.object({
  environmentId: z.string(),
  cwd: AbsolutePathBuf,
});
export type TurnEnvironmentParams = z.infer<typeof TurnEnvironmentParams>;

/** What a turn is given. Everything but input, metadata, environments and output schema holds for later turns too. */
export const TurnStartParams = z.object({
  threadId: z.string(),
  input: z.array(UserInput),
  /** Strings that travel with the turn's model requests; wins key by key over the older name below. */
  clientMetadata: z.nullish(z.record(z.string(), z.string())),
  /** The reference's name for `clientMetadata`. */
  responsesapiClientMetadata: z.nullish(z.record(z.string(), z.string())),
  environments: z.nullish(z.array(TurnEnvironmentParams)),
  cwd: z.nullish(z.string()),
  approvalPolicy: z.nullish(AskForApproval),
  approvalsReviewer: z.nullish(ApprovalsReviewer),
  sandboxPolicy: z.nullish(SandboxPolicy),
  permissions: z.nullish(PermissionProfileSelectionParams),
  model: z.nullish(z.string()),
  /** Absent: inherit. Null: clear. */
  serviceTier: z.nullish(z.string()),
  effort: z.nullish(ReasoningEffort),
  summary: z.nullish(ReasoningSummary),
  personality: z.nullish(Personality),
  /** A JSON Schema for the final answer of this turn only. */
  outputSchema: z.optional(z.unknown()),
  /** Wins over `model` and `effort`. */
  collaborationMode: z.nullish(CollaborationMode),
});
export type TurnStartParams = z.infer<typeof TurnStartParams>;

export const TurnStartResponse = z.object({ turn: Turn });
export type TurnStartResponse = z.infer<typeof TurnStartResponse>;

export const TurnStartedNotification = z.object({ threadId: z.string(), turn: Turn });
export type TurnStartedNotification = z.infer<typeof TurnStartedNotification>;

export const TurnCompletedNotification = z.object({ threadId: z.string(), turn: Turn });
export type TurnCompletedNotification = z.infer<typeof TurnCompletedNotification>;

/** More input for the turn that is running. */
export const TurnSteerParams = z.object({
  threadId: z.string(),
  input: z.array(UserInput),
  /** Takes the place of what the turn was given as metadata, from its next model request on. */
  clientMetadata: z.nullish(z.record(z.string(), z.string())),
  /** The reference's name for `clientMetadata`. */
  responsesapiClientMetadata: z.nullish(z.record(z.string(), z.string())),
  /** The turn that the client believes to be running; the request is refused if another one is. */
  expectedTurnId: z.string(),
});
export type TurnSteerParams = z.infer<typeof TurnSteerParams>;

export const TurnSteerResponse = z.object({ turnId: z.string() });
export type TurnSteerResponse = z.infer<typeof TurnSteerResponse>;

export const TurnInterruptParams = z.object({
  threadId: z.string(),
  /** An empty id stops whatever is about to start. */
  turnId: z.string(),
});
export type TurnInterruptParams = z.infer<typeof TurnInterruptParams>;

export const TurnInterruptResponse = z.object({});
export type TurnInterruptResponse = z.infer<typeof TurnInterruptResponse>;

/** Everything that the turn has changed so far, as one unified diff in the style of git. */
export const TurnDiffUpdatedNotification = z.object({
  threadId: z.string(),
  turnId: z.string(),
  diff: z.string(),
});
export type TurnDiffUpdatedNotification = z.infer<typeof TurnDiffUpdatedNotification>;
