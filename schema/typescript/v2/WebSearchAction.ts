// Generated from the protocol schemas; do not edit.

export type WebSearchAction =
  | {
      type: 'search';
      query: string | null;
      queries: string[] | null;
    }
  | {
      type: 'openPage';
      url: string | null;
    }
  | {
      type: 'findInPage';
      url: string | null;
      pattern: string | null;
    }
  | {
      type: 'other';
    };
