// Generated from the protocol schemas; do not edit.

import type { UserInput } from './UserInput.js';

export interface TurnSteerParams {
  threadId: string;
  input: UserInput[];
  clientMetadata?: {
    [k: string]: string;
  } | null;
  responsesapiClientMetadata?: {
    [k: string]: string;
  } | null;
  expectedTurnId: string;
}
