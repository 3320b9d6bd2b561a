// Generated from the protocol schemas; do not edit.

export type LoginAccountParams =
  | {
      type: 'apiKey';
      apiKey: string;
    }
  | {
      type: 'chatgpt';
      codexStreamlinedLogin?: boolean | null;
    }
  | {
      type: 'chatgptDeviceCode';
    }
  | {
      type: 'chatgptAuthTokens';
      accessToken: string;
      chatgptAccountId: string;
      chatgptPlanType?: string | null;
    };
