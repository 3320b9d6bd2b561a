// Generated from the protocol schemas; do not edit.

export interface W3cTraceContext {
  traceparent?: string | null;
  tracestate?: string | null;
}
