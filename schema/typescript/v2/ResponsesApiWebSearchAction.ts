// Generated from the protocol schemas; do not edit.

export type ResponsesApiWebSearchAction =
  | {
      type: 'search';
      query?: string | null;
      queries?: string[] | null;
    }
  | {
      type: 'open_page';
      url?: string | null;
    }
  | {
      type: 'find_in_page';
      url?: string | null;
      pattern?: string | null;
    }
  | {
      type: 'other';
    };
