// Generated from the protocol schemas; do not edit.

export type MessagePhase = 'commentary' | 'final_answer';
