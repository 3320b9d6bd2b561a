// Generated from the protocol schemas; do not edit.

export type ApprovalsReviewer = 'user' | 'auto_review' | 'guardian_subagent';
