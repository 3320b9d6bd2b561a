import type * as z from 'zod/mini';
import { type ExperimentalField, granularApproval, type MethodRow } from './method-row.ts';
import { realtimeMethods } from './realtime-methods.ts';
import { threadMethods } from './thread-methods.ts';
import {
  GetAuthStatusParams,
  GetAuthStatusResponse,
  InitializeParams,
  InitializeResponse,
} from './v1/index.ts';
import {
  AppsListParams,
  AppsListResponse,
  CancelLoginAccountParams,
  CancelLoginAccountResponse,
  CollaborationModeListParams,
  CollaborationModeListResponse,
  ConfigReadParams,
  ConfigReadResponse,
  ConfigRequirementsReadResponse,
  ExperimentalFeatureListParams,
  ExperimentalFeatureListResponse,
  GetAccountParams,
  GetAccountRateLimitsResponse,
  GetAccountResponse,
  HooksListParams,
  HooksListResponse,
  ListMcpServerStatusParams,
  ListMcpServerStatusResponse,
  LoginAccountParams,
  LoginAccountResponse,
  LogoutAccountResponse,
  McpResourceReadParams,
  McpResourceReadResponse,
  McpServerRefreshResponse,
  McpServerToolCallParams,
  McpServerToolCallResponse,
  MockExperimentalMethodParams,
  MockExperimentalMethodResponse,
  ModelListParams,
  ModelListResponse,
  ModelProviderCapabilitiesReadParams,
  ModelProviderCapabilitiesReadResponse,
  SkillsListParams,
  SkillsListResponse,
  TurnInterruptParams,
  TurnInterruptResponse,
  TurnStartParams,
  TurnStartResponse,
  TurnSteerParams,
  TurnSteerResponse,
} from './v2/index.ts';

/** Every client request, in protocol order. */
export const methods = [
  {
    method: 'initialize',
    params: InitializeParams,
    response: InitializeResponse,
    scope: 'none',
    experimental: false,
  },
  ...threadMethods,
  {
    method: 'skills/list',
    params: SkillsListParams,
    response: SkillsListResponse,
    scope: 'none',
    experimental: false,
  },
  {
    method: 'hooks/list',
    params: HooksListParams,
    response: HooksListResponse,
    scope: 'none',
    experimental: false,
  },
  {
    method: 'app/list',
    params: AppsListParams,
    response: AppsListResponse,
    scope: 'none',
    experimental: false,
  },
  {
    method: 'turn/start',
    params: TurnStartParams,
    response: TurnStartResponse,
    scope: 'thread',
    experimental: false,
    experimentalFields: [
      {
        field: 'responsesapiClientMetadata',
        reason: 'turn/start.responsesapiClientMetadata',
        when: 'notNull',
      },
      { field: 'environments', reason: 'turn/start.environments', when: 'notNull' },
      granularApproval,
      { field: 'permissions', reason: 'turn/start.permissions', when: 'notNull' },
      { field: 'collaborationMode', reason: 'turn/start.collaborationMode', when: 'notNull' },
    ],
  },
  {
    method: 'turn/steer',
    params: TurnSteerParams,
    response: TurnSteerResponse,
    scope: 'thread',
    experimental: false,
    experimentalFields: [
      {
        field: 'responsesapiClientMetadata',
        reason: 'turn/steer.responsesapiClientMetadata',
        when: 'notNull',
      },
    ],
  },
  {
    method: 'turn/interrupt',
    params: TurnInterruptParams,
    response: TurnInterruptResponse,
    scope: 'thread',
    experimental: false,
  },
  ...realtimeMethods,
  {
    method: 'model/list',
    params: ModelListParams,
    response: ModelListResponse,
    scope: 'none',
    experimental: false,
  },
  {
    method: 'modelProvider/capabilities/read',
    params: ModelProviderCapabilitiesReadParams,
    response: ModelProviderCapabilitiesReadResponse,
    scope: 'none',
    experimental: false,
  },
  {
    method: 'experimentalFeature/list',
    params: ExperimentalFeatureListParams,
    response: ExperimentalFeatureListResponse,
    scope: 'none',
    experimental: false,
  },
  {
    method: 'collaborationMode/list',
    params: CollaborationModeListParams,
    response: CollaborationModeListResponse,
    scope: 'none',
    experimental: true,
  },
  {
    method: 'mock/experimentalMethod',
    params: MockExperimentalMethodParams,
    response: MockExperimentalMethodResponse,
    scope: 'none',
    experimental: true,
  },
  {
    method: 'config/mcpServer/reload',
    params: null,
    response: McpServerRefreshResponse,
    scope: 'config',
    experimental: false,
  },
  {
    method: 'mcpServerStatus/list',
    params: ListMcpServerStatusParams,
    response: ListMcpServerStatusResponse,
    scope: 'none',
    experimental: false,
  },
  {
    method: 'mcpServer/resource/read',
    params: McpResourceReadParams,
    response: McpResourceReadResponse,
    scope: 'thread',
    experimental: false,
  },
  {
    method: 'mcpServer/tool/call',
    params: McpServerToolCallParams,
    response: McpServerToolCallResponse,
    scope: 'thread',
    experimental: false,
  },
  {
    method: 'account/login/start',
    params: LoginAccountParams,
    response: LoginAccountResponse,
    scope: 'account',
    experimental: false,
  },
  {
    method: 'account/login/cancel',
    params: CancelLoginAccountParams,
    response: CancelLoginAccountResponse,
    scope: 'account',
    experimental: false,
  },
  {
    method: 'account/logout',
    params: null,
    response: LogoutAccountResponse,
    scope: 'account',
    experimental: false,
  },
  {
    method: 'account/rateLimits/read',
    params: null,
    response: GetAccountRateLimitsResponse,
    scope: 'account',
    experimental: false,
  },
  {
    method: 'account/read',
    params: GetAccountParams,
    response: GetAccountResponse,
    scope: 'account',
    experimental: false,
  },
  {
    method: 'config/read',
    params: ConfigReadParams,
    response: ConfigReadResponse,
    scope: 'config',
    experimental: false,
  },
  {
    method: 'configRequirements/read',
    params: null,
    response: ConfigRequirementsReadResponse,
    scope: 'config',
    experimental: false,
  },
  {
    method: 'getAuthStatus',
    params: GetAuthStatusParams,
    response: GetAuthStatusResponse,
    scope: 'account',
    experimental: false,
  },
] as const satisfies readonly MethodRow[];

type Row = (typeof methods)[number];

/** The name of a client request. */
export type MethodName = Row['method'];

/** The table's row of one method, with its exact schemas. */
export type MethodRowOf<M extends MethodName> = Extract<Row, { readonly method: M }>;

/** Decoded params: unknown keys gone, defaults filled in. Null for a method without params. */
export type ParamsOf<M extends MethodName> = MethodRowOf<M>['params'] extends z.ZodMiniType
  ? z.output<MethodRowOf<M>['params']>
  : null;

/** Params as a client may send them. Null for a method without params. */
export type ParamsInputOf<M extends MethodName> = MethodRowOf<M>['params'] extends z.ZodMiniType
  ? z.input<MethodRowOf<M>['params']>
  : null;

/** What a handler answers: every key of the schema, null where there is no value. */
export type ResponseOf<M extends MethodName> = z.output<MethodRowOf<M>['response']>;

const rowsByName: ReadonlyMap<string, MethodRow> = new Map(methods.map((row) => [row.method, row]));

/** The row of a method name as it came from a client, or undefined for a method that does not exist. */
export function findMethod(method: string): MethodRow | undefined {
  return rowsByName.get(method);
}

/** The row of a known method, with its exact schemas. */
export function methodRow<M extends MethodName>(method: M): MethodRowOf<M> {
  return rowsByName.get(method) as MethodRowOf<M>;
}

/**
 * What makes a request need the experimental capability: the method itself, or the first gated field that is used.
 * Null when it needs none. `params` are decoded ones.
 */
export function experimentalReason(row: MethodRow, params: unknown): string | null {
  if (row.experimental) return row.method;
  if (row.experimentalFields === undefined || typeof params !== 'object' || params === null) return null;
  const values = params as Readonly<Record<string, unknown>>;
  return row.experimentalFields.find((gate) => trips(gate, values[gate.field]))?.reason ?? null;
}

function trips(gate: ExperimentalField, value: unknown): boolean {
  if (value === undefined || value === null) return false;
  switch (gate.when) {
    case 'notNull':
      return true;
    case 'true':
      return value === true;
    case 'granular':
      return typeof value === 'object';
  }
}
