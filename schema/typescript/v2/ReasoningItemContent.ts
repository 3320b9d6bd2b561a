// Generated from the protocol schemas; do not edit.

export type ReasoningItemContent =
  | {
      type: 'reasoning_text';
      text: string;
    }
  | {
      type: 'text';
      text: string;
    };
