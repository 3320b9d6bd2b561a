import { byId } from '../dom.ts';

/** What the left end of a meter stands for, in decibels below full scale; the right end is full scale. */
const FLOOR_DB = -60;

/** How often a meter's value is told to assistive software, in milliseconds; the bar itself moves at once. */
const TOLD_EVERY_MS = 1_000;

/** A bar that shows how loud one side is. */
export class LevelMeter {
  readonly #element: HTMLElement;
  readonly #bar: HTMLElement;
  #toldAt = 0;

  constructor(id: string) {
    this.#element = byId(id);
    this.#bar = this.#element.firstElementChild as HTMLElement;
  }

  /** `level` is a root mean square between 0 and 1. */
  show(level: number): void {
    const share = level <= 0 ? 0 : 1 - Math.max(FLOOR_DB, 20 * Math.log10(level)) / FLOOR_DB;
    const shown = Math.min(1, Math.max(0, share));
    this.#bar.style.transform = `scaleX(${shown.toFixed(3)})`;
    const now = performance.now();
    if (now - this.#toldAt < TOLD_EVERY_MS && shown > 0) return;
    this.#toldAt = now;
    this.#element.setAttribute('aria-valuenow', String(Math.round(shown * 100)));
  }
}
