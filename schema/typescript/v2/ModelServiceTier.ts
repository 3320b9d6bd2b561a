// Generated from the protocol schemas; do not edit.

export interface ModelServiceTier {
  id: string;
  name: string;
  description: string;
}
