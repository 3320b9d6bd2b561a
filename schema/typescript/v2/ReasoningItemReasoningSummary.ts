// Generated from the protocol schemas; do not edit.

export type ReasoningItemReasoningSummary = {
  type: 'summary_text';
  text: string;
};
