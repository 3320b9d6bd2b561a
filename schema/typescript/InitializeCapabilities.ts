// Generated from the protocol schemas; do not edit.

export interface InitializeCapabilities {
  experimentalApi?: boolean | null;
  optOutNotificationMethods?: string[] | null;
}
