// Generated from the protocol schemas; do not edit.

export type AuthMode = 'apikey' | 'chatgpt' | 'chatgptAuthTokens' | 'agentIdentity';
