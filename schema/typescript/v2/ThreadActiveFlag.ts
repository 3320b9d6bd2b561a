// Generated from the protocol schemas; do not edit.

export type ThreadActiveFlag = 'waitingOnApproval' | 'waitingOnUserInput';
