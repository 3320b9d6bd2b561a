import { delegationEnvelope } from '../delegation-envelope.ts';
import type { TranscriptEntry } from './transcript.ts';

/** What the voice model hands over. */
export interface Delegation {
  /** In the user's words; never empty. */
  readonly request: string;
  /** The request with what was said before it, as the agent is given it. */
  readonly envelope: string;
  /** What was said before it, which the envelope tells. */
  readonly said: readonly TranscriptEntry[];
}

/** Puts a request together with what was said since the last one. Null when neither says anything. */
export function delegation(request: string, said: readonly TranscriptEntry[]): Delegation | null {
  const transcript = said.map(({ role, text }) => `${role}: ${text}`).join('\n');
  const input = request === '' ? transcript : request;
  if (input === '') return null;
  return { request: input, envelope: delegationEnvelope(input, transcript), said };
}

/** Requests that mean: stop what is under way. Everything else goes to the agent, who understands more. */
const STOP_REQUESTS: ReadonlySet<string> = new Set([
  'abort',
  'cancel',
  'cancel it',
  'cancel that',
  'interrupt',
  'stop',
  'stop it',
  'stop that',
  'stop the work',
]);

/** Whether a request asks for nothing but to stop. */
export function isStopRequest(request: string): boolean {
  const words = request
    .toLowerCase()
    .replace(/[^\p{L}\s]/gu, ' ')
    .trim()
    .replace(/\s+/g, ' ')
    .replace(/^please | please$/, '');
  return STOP_REQUESTS.has(words);
}
