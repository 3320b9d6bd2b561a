// Generated from the protocol schemas; do not edit.

export type ThreadRealtimeStartTransport =
  | {
      type: 'websocket';
    }
  | {
      type: 'webrtc';
      sdp: string;
    }
  | {
      type: 'existingCall';
      callId: string;
    };
