import { randomBytes } from 'node:crypto';

/** Makes an id that is new in this process, such as `item_…` for the prefix `item`. */
export type NewId = (prefix: string) => string;

export const randomId: NewId = (prefix) => `${prefix}_${randomBytes(12).toString('hex')}`;
