// Generated from the protocol schemas; do not edit.

export interface ModelProviderCapabilitiesReadResponse {
  namespaceTools: boolean;
  imageGeneration: boolean;
  webSearch: boolean;
}
