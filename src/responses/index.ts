export { ResponsesError } from './error/responses-error.ts';
export { systemClock } from './clock.ts';
export type { Clock } from './clock.ts';
export type { ResponsesErrorDetails, ResponsesErrorKind } from './error/responses-error.ts';
export type { ModelVerification, ResponseEvent, ResponseUsage } from './event/event.ts';
export type { HeaderMap } from './header-map.ts';
export type { HttpRequest, HttpResponse, HttpTransport, ResponseHeaders } from './http/transport.ts';
export type { ContentPart, ImageDetail, OutputPart, ToolOutput } from './item/content.ts';
export type {
  CompactionItem,
  ContextCompactionItem,
  CustomToolCallItem,
  CustomToolCallOutputItem,
  FunctionCallItem,
  FunctionCallOutputItem,
  ImageGenerationCallItem,
  LocalShellCallItem,
  MessageItem,
  MessagePhase,
  OtherItem,
  ReasoningItem,
  ResponseItem,
  ToolSearchCallItem,
  ToolSearchOutputItem,
  WebSearchCallItem,
} from './item/item.ts';
export { parseItem } from './item/parse.ts';
export type { MemoryRequest, MemorySummary, MemoryTrace } from './memory.ts';
export { isAzureResponses, supportsRemoteCompaction } from './provider.ts';
export type { Authorization, AuthRecovery, ProviderName, ResponsesProvider } from './provider.ts';
export type {
  ReasoningSettings,
  RequestContext,
  ResponsesRequest,
  SessionIdentity,
  TextSettings,
  ToolDefinition,
  TraceContext,
} from './request/request.ts';
export { turnMetadata } from './request/turn-metadata.ts';
export type { TurnMetadataParts } from './request/turn-metadata.ts';
export { ResponsesSession } from './session.ts';
export type { CallOptions, StreamOptions } from './session.ts';
export { TurnScope } from './turn-scope.ts';
export type { Compress, UpstreamOptions } from './upstream.ts';
export type { DialOutcome, DialRequest, DialSocket, FrameSocket, SocketFrame } from './websocket/socket.ts';
