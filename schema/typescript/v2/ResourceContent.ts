// Generated from the protocol schemas; do not edit.

export type ResourceContent =
  | {
      text: string;
      uri: string;
      mimeType?: string;
      _meta?: unknown;
    }
  | {
      blob: string;
      uri: string;
      mimeType?: string;
      _meta?: unknown;
    };
