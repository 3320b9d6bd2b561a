// Generated from the protocol schemas; do not edit.

export type RequestId = string | number;
