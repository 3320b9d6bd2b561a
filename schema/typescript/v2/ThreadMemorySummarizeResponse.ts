// Generated from the protocol schemas; do not edit.

export interface ThreadMemorySummarizeResponse {
  summary: string;
  createdAt: number;
}
