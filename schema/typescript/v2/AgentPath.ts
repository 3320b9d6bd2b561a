// Generated from the protocol schemas; do not edit.

export type AgentPath = string;
