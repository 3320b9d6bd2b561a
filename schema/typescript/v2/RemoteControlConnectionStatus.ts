// Generated from the protocol schemas; do not edit.

export type RemoteControlConnectionStatus = 'disabled' | 'connecting' | 'connected' | 'errored';
