// Generated from the protocol schemas; do not edit.

import type { TextPosition } from './TextPosition.js';

export interface TextRange {
  start: TextPosition;
  end: TextPosition;
}
