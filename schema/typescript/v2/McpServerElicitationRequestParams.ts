// Generated from the protocol schemas; do not edit.

export type McpServerElicitationRequestParams =
  | {
      mode: 'form';
      threadId: string;
      turnId: string | null;
      serverName: string;
      message: string;
      _meta: unknown;
      requestedSchema: unknown;
    }
  | {
      mode: 'url';
      threadId: string;
      turnId: string | null;
      serverName: string;
      message: string;
      _meta: unknown;
      url: string;
      elicitationId: string;
    };
