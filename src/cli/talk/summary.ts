import { BYTES_PER_SECOND } from './audio-format.ts';
import type { AgentTally } from './agent-work.ts';
import { median } from '../../client/voice/index.ts';

/** What a call came to. */
export interface CallTally {
  /** Segments of speech that the upstream heard. */
  readonly utterances: number;
  /** Typed lines. */
  readonly texts: number;
  readonly answers: number;
  readonly interruptions: number;
  /** Milliseconds from the end of speech, or from a text, to the first output of each answer. */
  readonly latencies: readonly number[];
  /** PCM bytes each way. */
  readonly bytesSent: number;
  readonly bytesReceived: number;
  /** Pieces of output that were no audio. */
  readonly badChunks: number;
}

export interface SummaryDetails {
  readonly modality: 'audio' | 'text';
  /** What the agent did. */
  readonly agent: AgentTally;
  /** The answer file and the bytes of samples in it; null without one. */
  readonly file: { readonly path: string; readonly dataBytes: number } | null;
  /** How the call closed, in words. */
  readonly closed: string;
}

/** The lines at the end of a call. */
export function summaryLines(tally: CallTally, { modality, agent, file, closed }: SummaryDetails): string[] {
  const rows: [string, string][] = [
    ['utterances', utterances(tally)],
    ...(agent.turns > 0 ? [['agent', turns(agent)] satisfies [string, string]] : []),
    [`first ${modality}`, latency(tally.latencies)],
    ['sent', amount(tally.bytesSent)],
    ['received', received(tally)],
  ];
  if (file !== null) rows.push(['written', `${file.path}, ${seconds(file.dataBytes)}`]);
  rows.push(['closed', closed]);
  const width = Math.max(...rows.map(([label]) => label.length));
  return ['summary', ...rows.map(([label, value]) => `  ${label.padEnd(width)}  ${value}`)];
}

function utterances({ utterances: heard, texts, answers, interruptions }: CallTally): string {
  const parts = [`${heard} heard`];
  if (texts > 0) parts.push(`${texts} typed`);
  parts.push(`${answers} answered`);
  if (interruptions > 0) parts.push(`${interruptions} interrupted`);
  return parts.join(', ');
}

function turns({ turns: count, failed, interrupted }: AgentTally): string {
  const parts = [count === 1 ? '1 turn' : `${count} turns`];
  if (failed > 0) parts.push(`${failed} failed`);
  if (interrupted > 0) parts.push(`${interrupted} interrupted`);
  return parts.join(', ');
}

function latency(latencies: readonly number[]): string {
  const middle = median(latencies);
  if (middle === null) return 'none';
  return `p50 ${Math.round(middle)} ms, worst ${Math.round(Math.max(...latencies))} ms`;
}

function received({ bytesReceived, badChunks }: CallTally): string {
  return badChunks === 0
    ? amount(bytesReceived)
    : `${amount(bytesReceived)}, and ${badChunks} pieces that were no audio`;
}

function amount(bytes: number): string {
  return `${bytes} bytes (${seconds(bytes)})`;
}

function seconds(bytes: number): string {
  return `${(bytes / BYTES_PER_SECOND).toFixed(1)} s`;
}
