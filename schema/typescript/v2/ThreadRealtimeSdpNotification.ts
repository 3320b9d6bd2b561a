// Generated from the protocol schemas; do not edit.

export interface ThreadRealtimeSdpNotification {
  threadId: string;
  sdp: string;
}
