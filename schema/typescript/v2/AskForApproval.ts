// Generated from the protocol schemas; do not edit.

export type AskForApproval =
  | ('untrusted' | 'on-failure' | 'on-request' | 'never')
  | {
      granular: {
        sandbox_approval: boolean;
        rules: boolean;
        skill_approval?: boolean;
        request_permissions?: boolean;
        mcp_elicitations: boolean;
      };
    };
