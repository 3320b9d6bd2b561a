// Generated from the protocol schemas; do not edit.

export type FileChangeApprovalDecision = 'accept' | 'acceptForSession' | 'decline' | 'cancel';
