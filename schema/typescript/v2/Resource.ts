// Generated from the protocol schemas; do not edit.

export interface Resource {
  name: string;
  uri: string;
  title?: string | null;
  description?: string | null;
  mimeType?: string | null;
  size?: number | null;
  annotations?: unknown;
  icons?: unknown[] | null;
  _meta?: unknown;
}
