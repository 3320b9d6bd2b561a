// Generated from the protocol schemas; do not edit.

import type { FunctionCallOutputContentItem } from './FunctionCallOutputContentItem.js';

export type FunctionCallOutputBody = string | FunctionCallOutputContentItem[];
