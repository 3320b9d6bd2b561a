import { CallTimeline } from '../../client/browser/index.ts';
import type { SavedTimeline } from '../../client/browser/index.ts';
import { byId } from '../dom.ts';
import { saveJson } from '../save-file.ts';
import { drawTimeline } from './timeline-drawing.ts';
import { lanesOf, secondsText } from './timeline-lanes.ts';

/** How often the drawing grows while a call is on, in milliseconds. */
const REDRAW_MS = 250;

/** How near its end, in pixels, the drawing must be scrolled to go on showing its end. */
const NEAR_END = 24;

/** The timeline of the call that is on, or was on last, drawn as it grows. It can be saved as a file. */
export class TimelineView {
  readonly #lanes = byId('timeline-lanes');
  readonly #scroller = byId('timeline-drawing');
  readonly #facts = byId('timeline-facts');
  readonly #save = byId('save-timeline', HTMLButtonElement);
  #timeline: CallTimeline | null = null;
  #startedAt = 0;
  #timer: ReturnType<typeof setInterval> | undefined;

  constructor() {
    this.#save.addEventListener('click', () => this.#saveFile());
    new ResizeObserver(() => this.#draw()).observe(this.#scroller);
    this.#draw();
  }

  /** Makes the timeline of a call that begins, and shows it until another one begins. */
  begin(): CallTimeline {
    clearInterval(this.#timer);
    const timeline = new CallTimeline({ now: unixNow });
    this.#timeline = timeline;
    this.#startedAt = unixNow();
    this.#save.disabled = false;
    this.#lanes.hidden = false;
    this.#timer = setInterval(() => this.#draw(), REDRAW_MS);
    this.#draw();
    return timeline;
  }

  /** The call is over: nothing more comes. */
  end(): void {
    clearInterval(this.#timer);
    this.#timer = undefined;
    this.#draw();
  }

  #draw(): void {
    const saved = this.#timeline?.toJSON() ?? null;
    const entries = saved?.entries ?? [];
    const isOn = this.#timer !== undefined;
    const durationMs = isOn ? unixNow() - this.#startedAt : (entries.at(-1)?.atMs ?? 0);
    const { clientWidth: width, scrollLeft, scrollWidth } = this.#scroller;
    const isAtEnd = scrollWidth - scrollLeft - width < NEAR_END;
    this.#scroller.replaceChildren(drawTimeline({ lanes: lanesOf(entries), durationMs, width }));
    if (isAtEnd) this.#scroller.scrollLeft = this.#scroller.scrollWidth;
    const text = saved === null ? 'It is drawn here once a call begins.' : factsOf(saved);
    if (this.#facts.textContent !== text) this.#facts.textContent = text;
  }

  #saveFile(): void {
    if (this.#timeline === null) return;
    const saved = this.#timeline.toJSON();
    saveJson(`parley-call-${saved.startedAt.replace(/[:.]/g, '-')}.json`, saved);
  }
}

/** What a timeline adds up to, in words. */
function factsOf({ entries, firstAudio }: SavedTimeline): string {
  const count = (kind: string): number => entries.filter((entry) => entry.kind === kind).length;
  const { maxMs, medianMs } = firstAudio;
  return [
    counted(count('answerStarted'), 'answer'),
    counted(count('interrupted'), 'interruption'),
    counted(count('delegated'), 'delegation'),
    medianMs === null ? null : `first audio after ${secondsText(medianMs)} (median)`,
    maxMs === null ? null : `${secondsText(maxMs)} (longest)`,
  ]
    .filter((part) => part !== null)
    .join(' · ');
}

function counted(count: number, noun: string): string | null {
  if (count === 0) return null;
  return count === 1 ? `1 ${noun}` : `${count} ${noun}s`;
}

function unixNow(): number {
  return performance.timeOrigin + performance.now();
}
