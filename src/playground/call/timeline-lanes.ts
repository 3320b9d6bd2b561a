import type { TimelineEntry } from '../../client/browser/index.ts';

/** A stretch of time in which something went on; times are in milliseconds since the start of the call. */
export interface Span {
  readonly from: number;
  /** Null while it still goes on. */
  to: number | null;
  /** Written into the span, if there is room. */
  readonly label: string;
  /** All that there is to say about it. */
  readonly title: string;
}

/** A point in time at which something happened. */
export interface Mark {
  readonly at: number;
  readonly kind: 'typed' | 'interruption' | 'delegation' | 'error';
  readonly title: string;
}

/** What went on, and happened, on one side. */
export interface Lane {
  readonly spans: readonly Span[];
  readonly marks: readonly Mark[];
}

export type LaneName = 'you' | 'voice' | 'agent';

/** Sorts the entries of a timeline into what each side did. */
export function lanesOf(entries: readonly TimelineEntry[]): Readonly<Record<LaneName, Lane>> {
  const lanes = { you: newLane(), voice: newLane(), agent: newLane() };
  const { agent, voice, you } = lanes;
  for (const entry of entries) {
    const { atMs: at } = entry;
    switch (entry.kind) {
      case 'speechStarted':
        open(you, at, '', 'You speak');
        break;
      case 'speechEnded':
        end(you, at);
        break;
      case 'textSent':
        you.marks.push({ at, kind: 'typed', title: `You type: ${entry.text}` });
        break;
      case 'answerStarted': {
        const label = entry.latencyMs === null ? '' : secondsText(entry.latencyMs);
        open(voice, at, label, label === '' ? 'An answer' : `An answer, first heard after ${label}`);
        break;
      }
      case 'answerEnded':
        end(voice, at);
        break;
      case 'interrupted':
        end(voice, at);
        voice.marks.push({ at, kind: 'interruption', title: 'The answer is interrupted' });
        break;
      case 'delegated':
        agent.marks.push({ at, kind: 'delegation', title: `Handed to the agent: ${entry.request}` });
        break;
      case 'turnStarted':
        open(agent, at, 'turn', 'A turn of the agent');
        break;
      case 'turnEnded':
        end(agent, at);
        break;
      case 'error':
        voice.marks.push({ at, kind: 'error', title: entry.message });
        break;
      case 'closed':
        for (const lane of Object.values(lanes)) end(lane, at);
        break;
      case 'state':
      case 'said':
    }
  }
  return lanes;
}

/** Milliseconds as seconds, the way one reads them. */
export function secondsText(milliseconds: number): string {
  return `${(milliseconds / 1_000).toFixed(2)} s`;
}

function newLane(): { spans: Span[]; marks: Mark[] } {
  return { spans: [], marks: [] };
}

function open(lane: { spans: Span[] }, from: number, label: string, title: string): void {
  end(lane, from);
  lane.spans.push({ from, to: null, label, title });
}

function end({ spans }: { spans: Span[] }, to: number): void {
  const last = spans.at(-1);
  if (last !== undefined) last.to ??= Math.max(to, last.from);
}
