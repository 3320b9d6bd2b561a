// Generated from the protocol schemas; do not edit.

export interface ToolRequestUserInputOption {
  label: string;
  description: string;
}
