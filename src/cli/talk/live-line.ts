import { decibels } from '../../util/pcm.ts';
import { displayWidth, headWithin, tailWithin, withoutControls } from '../../util/display-width.ts';

/** What the call is doing, as its user sees it. */
export type CallState = 'connecting' | 'listening' | 'speaking' | 'interrupted' | 'stopping';

export interface LiveView {
  readonly state: CallState;
  /** Root mean square of the newest input frame as a part of full scale; null where no audio is sent. */
  readonly level: number | null;
  /** The newest transcript of each side, as far as it has come. */
  readonly user: string;
  readonly assistant: string;
  /** What the agent says or does at the moment; empty while it does not work. */
  readonly agent: string;
  /** What is being typed. */
  readonly typed: string;
}

export interface LineStyle {
  readonly columns: number;
  readonly hasColor: boolean;
}

const METER = { cells: 10, floorDecibels: -60 };
const STATE_COLUMNS = 'interrupted'.length;
const STATE_COLORS: Readonly<Record<CallState, number>> = {
  connecting: 33,
  listening: 32,
  speaking: 36,
  interrupted: 35,
  stopping: 33,
};
const DIM = 2;

/** Below this a transcript tells nothing and is left out. */
const MIN_TEXT_COLUMNS = 8;

/** Left free at the end of the line, so that it does not wrap when the terminal shows `^C` behind it. */
const MARGIN_COLUMNS = 3;

/** One line for a terminal, narrower than the terminal. */
export function renderLiveLine(view: LiveView, { columns, hasColor }: LineStyle): string {
  const available = Math.max(0, columns - MARGIN_COLUMNS);
  const paint = (text: string, color: number): string =>
    hasColor ? `\u001b[${color}m${text}\u001b[0m` : text;
  const state = headWithin(view.state.padEnd(STATE_COLUMNS), available);
  let line = paint(state, STATE_COLORS[view.state]);
  let left = available - displayWidth(state);
  if (view.level !== null && left >= METER.cells + 1) {
    line += ` ${meter(view.level)}`;
    left -= METER.cells + 1;
  }
  for (const { label, text } of textParts(view, left)) line += `  ${paint(label, DIM)} ${text}`;
  return line;
}

/** A bar of ten cells that spans the upper 60 decibels. */
export function meter(level: number): string {
  const part = 1 - decibels(level) / METER.floorDecibels;
  const cells = Math.round(Math.max(0, Math.min(1, part)) * METER.cells);
  return '█'.repeat(cells) + '░'.repeat(METER.cells - cells);
}

/** What is typed takes the place of the rest. They share it otherwise; a short one leaves more to the other. */
function textParts(view: LiveView, columns: number): { label: string; text: string }[] {
  const parts =
    view.typed === ''
      ? [
          { label: 'you', text: oneLine(view.user) },
          { label: 'answer', text: oneLine(view.assistant) },
          { label: 'agent', text: oneLine(view.agent) },
        ]
      : [{ label: '>', text: oneLine(view.typed) }];
  const shown = parts.filter(({ text }) => text !== '');
  let left = columns;
  return shown
    .map((part, index) => {
      const others = shown.slice(index + 1);
      const taken = others.reduce((sum, other) => sum + displayWidth(other.text) + overhead(other.label), 0);
      const half = Math.floor(left / (others.length + 1));
      const room = Math.max(half, left - taken) - overhead(part.label);
      const text = room < MIN_TEXT_COLUMNS ? '' : tailWithin(part.text, room);
      if (text !== '') left -= displayWidth(text) + overhead(part.label);
      return { label: part.label, text };
    })
    .filter(({ text }) => text !== '');
}

/** Two blanks before a label and one after it. */
function overhead(label: string): number {
  return label.length + 3;
}

function oneLine(text: string): string {
  return withoutControls(text).replace(/\s+/g, ' ').trim();
}
