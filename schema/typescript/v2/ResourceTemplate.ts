// Generated from the protocol schemas; do not edit.

export interface ResourceTemplate {
  name: string;
  uriTemplate: string;
  title?: string | null;
  description?: string | null;
  mimeType?: string | null;
  annotations?: unknown;
}
