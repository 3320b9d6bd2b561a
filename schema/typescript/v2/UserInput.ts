// Generated from the protocol schemas; do not edit.

import type { TextElement } from './TextElement.js';

export type UserInput =
  | {
      type: 'text';
      text: string;
      text_elements?: TextElement[];
    }
  | {
      type: 'image';
      url: string;
    }
  | {
      type: 'localImage';
      path: string;
    }
  | {
      type: 'skill';
      name: string;
      path: string;
    }
  | {
      type: 'mention';
      name: string;
      path: string;
    };
