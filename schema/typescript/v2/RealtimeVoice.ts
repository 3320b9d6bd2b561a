// Generated from the protocol schemas; do not edit.

export type RealtimeVoice =
  | 'alloy'
  | 'arbor'
  | 'ash'
  | 'ballad'
  | 'breeze'
  | 'cedar'
  | 'coral'
  | 'cove'
  | 'echo'
  | 'ember'
  | 'juniper'
  | 'maple'
  | 'marin'
  | 'sage'
  | 'shimmer'
  | 'sol'
  | 'spruce'
  | 'vale'
  | 'verse';
