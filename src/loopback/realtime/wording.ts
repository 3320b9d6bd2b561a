import { quoted, shortened } from '../words.ts';
import type { UtteranceFacts } from './utterance.ts';

/** Every sentence that the loopback speaks. Each says what it is, and none could be taken for a model's. */

const MOST_WORDS = 60;

export const SELF_DESCRIPTION =
  'This is the loopback server, not a model. It plays your own speech back and answers text with short tones.';

/** What stands in for the transcript of speech: nobody here understands words. */
export function heardText(utterance: UtteranceFacts): string {
  const { rmsDb, peakDb } = utterance;
  return `${amountOf(utterance)} at ${Math.round(rmsDb)} dB on average, ${Math.round(peakDb)} dB at most.`;
}

export function echoText(utterance: UtteranceFacts): string {
  return `Echo of ${amountOf(utterance)}.`;
}

/** Said when what should be answered was deleted, or forgotten for want of room. */
export const ITEM_GONE = 'The item to answer is no longer held here.';

/** Said when a session was quiet for as long as its idle timeout. */
export const IDLE_TEXT = 'Nothing was heard for as long as the idle timeout of this session.';

export function typedText(text: string): string {
  return text.trim() === '' ? 'You typed nothing.' : `You typed: ${quoted(text, MOST_WORDS)}.`;
}

export function missingToolText(name: string): string {
  return `This session offers no tool named ${name}, so nothing was called.`;
}

/** What a finished call brought: the latest reports received since it was made, or else the call's own output. */
export function outcomeText(reports: readonly string[], output: string): string {
  const latest = latestReports(reports);
  if (latest !== '') return reportText(latest);
  return `The call came back with: ${shortened(output, MOST_WORDS)}`;
}

/** The last report, and those before it as long as there is room. */
function latestReports(reports: readonly string[]): string {
  let text = reports.at(-1) ?? '';
  for (const report of reports.slice(0, -1).toReversed()) {
    const longer = `${report} ${text}`;
    if (longer.split(/\s+/).length > MOST_WORDS) break;
    text = longer;
  }
  return text.trim();
}

/** A report of the background agent, spoken. */
export function reportText(report: string): string {
  return `The background agent reports: ${shortened(report, MOST_WORDS)}`;
}

function amountOf({ spokenMs, isSpeech }: UtteranceFacts): string {
  return `${(spokenMs / 1000).toFixed(1)} seconds of ${isSpeech ? 'speech' : 'audio'}`;
}
