// Generated from the protocol schemas; do not edit.

import type { ByteRange } from './ByteRange.js';

export interface TextElement {
  byteRange: ByteRange;
  placeholder?: string | null;
}
