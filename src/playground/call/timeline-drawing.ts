import type { Lane, LaneName, Mark, Span } from './timeline-lanes.ts';

const SVG = 'http://www.w3.org/2000/svg';

/** The heights of the drawing, in pixels. The names of the lanes beside it are as high. */
const LANE_HEIGHT = 30;
const LANE_GAP = 4;
const AXIS_HEIGHT = 18;

/** Room at either end, in pixels. */
const MARGIN = 8;

/** The least that a second may take, in pixels; what does not fit then is scrolled to. And the most. */
const SECOND = { least: 12, most: 90 };

/** Steps of the axis, in seconds; the first that leaves room for its words is taken. */
const STEPS = [1, 2, 5, 10, 30, 60, 300];

const LANES: readonly (readonly [name: LaneName, spanClass: string])[] = [
  ['you', 'speech'],
  ['voice', 'answer'],
  ['agent', 'work'],
];

export interface TimelineDrawing {
  readonly lanes: Readonly<Record<LaneName, Lane>>;
  /** How long the call has lasted, in milliseconds; what still goes on is drawn to there. */
  readonly durationMs: number;
  /** The room that there is without scrolling, in pixels. */
  readonly width: number;
}

/** Draws who did what and when: a lane for each side, and below them the time. */
export function drawTimeline({ durationMs, lanes, width }: TimelineDrawing): SVGSVGElement {
  const seconds = Math.max(1, durationMs / 1_000);
  const perSecond = Math.min(SECOND.most, Math.max(SECOND.least, (width - 2 * MARGIN) / seconds));
  const place = (milliseconds: number): number => MARGIN + (milliseconds / 1_000) * perSecond;
  const total = Math.max(width, place(durationMs) + MARGIN);
  const height = LANES.length * (LANE_HEIGHT + LANE_GAP) + AXIS_HEIGHT;
  const drawing = shape('svg', {
    width: total,
    height,
    viewBox: `0 0 ${total} ${height}`,
    'aria-hidden': 'true',
  });
  const top = (index: number): number => index * (LANE_HEIGHT + LANE_GAP);
  for (const [index] of LANES.entries()) {
    drawing.append(
      shape('rect', { class: 'lane', x: 0, y: top(index), width: total, height: LANE_HEIGHT, rx: 5 }),
    );
  }
  drawing.append(...axis(seconds, perSecond, place, height));
  for (const [index, [name, spanClass]] of LANES.entries()) {
    const { marks, spans } = lanes[name];
    for (const span of spans) drawing.append(...drawSpan(span, spanClass, top(index), place, durationMs));
    for (const mark of marks) drawing.append(drawMark(mark, top(index), place(mark.at)));
  }
  return drawing;
}

function drawSpan(
  { from, label, title, to }: Span,
  spanClass: string,
  top: number,
  place: (milliseconds: number) => number,
  durationMs: number,
): SVGElement[] {
  const x = place(from);
  const width = Math.max(6, place(to ?? durationMs) - x);
  const bar = shape('rect', {
    class: to === null ? `${spanClass} open` : spanClass,
    x,
    y: top + 4,
    width,
    height: LANE_HEIGHT - 8,
    rx: 4,
  });
  bar.append(titled(title));
  if (label === '' || width < 12 + label.length * 7) return [bar];
  const text = shape('text', { class: 'inside', x: x + 12, y: top + LANE_HEIGHT / 2 + 4 });
  text.append(label);
  return [bar, text];
}

function drawMark({ kind, title }: Mark, top: number, x: number): SVGElement {
  const middle = top + LANE_HEIGHT / 2;
  const mark =
    kind === 'typed' || kind === 'delegation'
      ? shape('path', { class: kind, d: `M${x} ${middle - 8}l8 8l-8 8l-8 -8z` })
      : shape('path', { class: kind, d: `M${x} ${top}v${LANE_HEIGHT}` });
  mark.append(titled(title));
  return mark;
}

function axis(
  seconds: number,
  perSecond: number,
  place: (milliseconds: number) => number,
  height: number,
): SVGElement[] {
  const step = STEPS.find((candidate) => candidate * perSecond >= 56) ?? 600;
  const count = Math.floor(seconds / step) + 1;
  return Array.from({ length: count }, (_, index) => {
    const x = place(index * step * 1_000);
    const text = shape('text', { x: x + 3, y: height - 4 });
    text.append(clockText(index * step));
    return [shape('path', { class: 'tick', d: `M${x} 0v${height}` }), text];
  }).flat();
}

function clockText(seconds: number): string {
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`;
}

/** What is shown while the pointer rests on a shape. */
function titled(text: string): SVGElement {
  const title = shape('title', {});
  title.append(text);
  return title;
}

function shape<K extends keyof SVGElementTagNameMap>(
  tag: K,
  attributes: Readonly<Record<string, string | number>>,
): SVGElementTagNameMap[K] {
  const element = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, String(value));
  return element;
}
