// Generated from the protocol schemas; do not edit.

export type TurnItemsView = 'notLoaded' | 'summary' | 'full';
