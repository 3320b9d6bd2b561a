// Generated from the protocol schemas; do not edit.

export type CancelLoginAccountStatus = 'canceled' | 'notFound';
