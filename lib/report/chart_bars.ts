import { scaleLinear } from "d3-scale";
import { type Frame, label, line, px, svg, type Width } from "./chart_frame.ts";
import { type Markup, markup } from "./markup.ts";

/** Horizontal bars that float: one of a waterfall, or a gain or loss from zero. */
export interface FloatingBar {
  readonly name: string;
  readonly from: number;
  readonly to: number;
  /** Written at the bar's end. */
  readonly text: string;
  /** A level rather than a change: drawn as a line across. */
  readonly level?: boolean;
}

const ROW_PX = 30;
const BAR_PX = 16;
/** A digit at the size numbers are written in, and the gap to the bar. */
const DIGIT_PX = 7.4;
const GAP_PX = 8;
const LETTER_PX = 8;
const NAME_GAP_PX = 10;

/** Bars one under another on one scale, names to the left, numbers at their ends. */
export function barChart(
  frame: Frame,
  bars: readonly FloatingBar[],
  { width, zero, joined }: {
    readonly width: Width;
    /** Draw a line at zero. */
    readonly zero: boolean;
    /** Join the end of each bar with the start of the next. */
    readonly joined: boolean;
  },
): Markup {
  const left = Math.max(
    width.name === "wide" ? 130 : 84,
    ...bars.map(({ name }) => nameRoom(name)),
  );
  const ends = bars.flatMap(({ from, to }) => [from, to]);
  const low = Math.min(...ends);
  const high = Math.max(...ends);
  // A day without any change still needs a scale.
  const pad = high === low ? Math.max(1, Math.abs(high) * 0.001) : 0;
  const x = scaleLinear([low - pad, high + pad], [
    left + textRoom(bars.filter(falls)),
    width.px - textRoom(bars.filter((bar) => !falls(bar))),
  ]);
  const height = bars.length * ROW_PX + 8;
  const rows = bars.map((bar, index) => {
    const top = index * ROW_PX + 4;
    const next = bars[index + 1];
    const join = joined && next !== undefined
      ? line("join", { x1: x(bar.to), x2: x(bar.to), y1: top + 7, y2: top + ROW_PX + 7 })
      : null;
    return markup`${join}${drawBar(bar, { x, top, left })}`;
  });
  const axis = zero ? line("zero", { x1: x(0), x2: x(0), y1: 0, y2: height }) : null;
  return svg(frame, { width, height, content: [axis, rows] });
}

function falls({ from, to }: FloatingBar): boolean {
  return to < from;
}

/** Pixels that the longest of these numbers takes beside its bar. */
function textRoom(bars: readonly FloatingBar[]): number {
  return Math.max(0, ...bars.map(({ text }) => text.length)) * DIGIT_PX + GAP_PX * 2;
}

function nameRoom(name: string): number {
  return name.length * LETTER_PX + NAME_GAP_PX;
}

function drawBar(
  bar: FloatingBar,
  { x, top, left }: {
    readonly x: (value: number) => number;
    readonly top: number;
    readonly left: number;
  },
): Markup {
  const { name, from, to, text, level = false } = bar;
  const base = top + 7 + BAR_PX / 2 + 4;
  const [start, end] = [Math.min(x(from), x(to)), Math.max(x(from), x(to))];
  const tone = level ? "level" : to === from ? "none" : falls(bar) ? "loss" : "gain";
  const shape = level
    ? line("level", { x1: x(to), x2: x(to), y1: top + 3, y2: top + BAR_PX + 11 })
    : markup`<rect class="${tone}" x="${px(start)}" y="${px(top + 7)}" width="${
      px(Math.max(end - start, 1))
    }" height="${BAR_PX}" rx="1.5"/>`;
  const number = falls(bar)
    ? label(text, { x: start - GAP_PX, y: base, at: "end", kind: `value ${tone}` })
    : label(text, { x: end + GAP_PX, y: base, kind: `value ${tone}` });
  const named = label(name, { x: left - NAME_GAP_PX, y: base, at: "end", kind: "name" });
  return markup`<g><title>${name}: ${text}</title>${named}${shape}${number}</g>`;
}
