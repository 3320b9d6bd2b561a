// Generated from the protocol schemas; do not edit.

export interface WebSearchLocation {
  country?: string | null;
  region?: string | null;
  city?: string | null;
  timezone?: string | null;
}
