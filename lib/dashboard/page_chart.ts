/// <reference lib="dom" />
import type uPlotNamespace from "uplot";
import type { ChartMark, EquityPoint, Panels, Streams } from "./feed.ts";
import { byId, setText, show } from "./page_dom.ts";
import { money, signed } from "./page_format.ts";
import { clockTime } from "./page_time.ts";

// The chart library is a plain script of ours; it puts its one name into the page.
declare const uPlot: typeof uPlotNamespace;

const HEIGHT_MIN = 120;
const MARK_PX = 5;
/** Pointer and mark belong together within this. */
const NEAR_S = 120;

interface Drawn {
  readonly points: readonly EquityPoint[];
  readonly marks: readonly ChartMark[];
  readonly start: number | null;
  readonly zone: string;
  /** Ends of the time axis, in seconds. */
  readonly range: readonly [number, number];
}

/** Equity over the exchange day, with its beginning as a line and marks for fills, incidents and halts. */
export class EquityChart {
  #plot: uPlotNamespace | null = null;
  #drawn: Drawn | null = null;

  constructor() {
    new ResizeObserver(() => this.#resize()).observe(byId("chart"));
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => this.#rebuild());
  }

  /** Draws when something changed. */
  render({ session, account, market }: Panels, { equity, marks }: Streams): void {
    const opened = session?.opened ?? null;
    const empty = equity.length === 0 || opened === null;
    show(byId("chart"), !empty);
    show(byId("chart-empty"), empty);
    setText(byId("chart-empty"), "No valuation yet: the first comes a minute after the open");
    if (empty) return;
    const before = this.#drawn;
    const start = account.start.value === null ? null : Number(account.start.value);
    const same = before?.points === equity && before.marks === marks && before.start === start;
    if (same) return;
    const range = [opened.opensAt / 1_000, opened.closesAt / 1_000] as const;
    this.#drawn = { points: equity, marks, start, zone: market.zone, range };
    const sameAxes = before?.range[0] === range[0] && before.zone === market.zone;
    if (this.#plot === null || !sameAxes) this.#rebuild();
    else this.#plot.setData(dataOf(this.#drawn));
    byId("chart").setAttribute("aria-label", summaryOf(this.#drawn));
  }

  #resize(): void {
    if (this.#plot === null) return;
    const size = sizeOf(byId("chart"));
    if (size.width > 0) this.#plot.setSize(size);
  }

  #rebuild(): void {
    if (this.#drawn === null) return;
    const box = byId("chart");
    this.#plot?.destroy();
    this.#plot = new uPlot(this.#options(this.#drawn, box), dataOf(this.#drawn), box);
  }

  #options({ zone, range }: Drawn, box: HTMLElement): uPlotNamespace.Options {
    const color = colorsOf(box);
    const font = "12px system-ui, sans-serif";
    const axis = { stroke: color("--muted"), font, ticks: { show: false } };
    const grid = { stroke: color("--line"), width: 1 };
    return {
      ...sizeOf(box),
      legend: { show: false },
      cursor: { y: false, drag: { x: false, y: false } },
      tzDate: (seconds) => uPlot.tzDate(new Date(seconds * 1_000), zone),
      scales: {
        x: { range: [range[0], range[1]] },
        y: { range: (_, low, high) => this.#yRange(low, high) },
      },
      axes: [
        {
          ...axis,
          grid: { show: false },
          size: 28,
          space: 60,
          values: (_, at) => at.map((s) => hourMinute(s, zone)),
        },
        {
          ...axis,
          grid,
          size: 76,
          space: 36,
          values: (_, at) => at.map((v) => v.toLocaleString("en-US")),
        },
      ],
      series: [
        {},
        {
          stroke: color("--accent"),
          width: 1.75,
          fill: color("--accent-soft"),
          points: { show: false },
        },
      ],
      hooks: {
        drawAxes: [(plot) => this.#drawStart(plot, color("--muted"))],
        draw: [(plot) => this.#drawMarks(plot, color)],
        setCursor: [(plot) => this.#read(plot)],
      },
    };
  }

  /** The day's beginning is always in sight: up or down from there is the question. */
  #yRange(low: number, high: number): [number, number] {
    const start = this.#drawn?.start ?? low;
    const [from, to] = [Math.min(low, start), Math.max(high, start)];
    const pad = Math.max((to - from) * 0.12, Math.abs(to) * 0.000_2, 1);
    return [from - pad, to + pad];
  }

  #drawStart({ ctx, bbox, valToPos }: uPlotNamespace, color: string): void {
    const start = this.#drawn?.start ?? null;
    if (start === null) return;
    const y = Math.round(valToPos(start, "y", true)) + 0.5;
    ctx.save();
    ctx.strokeStyle = color;
    ctx.setLineDash([2 * devicePixelRatio, 4 * devicePixelRatio]);
    ctx.beginPath();
    ctx.moveTo(bbox.left, y);
    ctx.lineTo(bbox.left + bbox.width, y);
    ctx.stroke();
    ctx.restore();
  }

  #drawMarks(plot: uPlotNamespace, color: (name: string) => string): void {
    const { ctx, bbox } = plot;
    const size = MARK_PX * devicePixelRatio;
    for (const { at, kind } of this.#drawn?.marks ?? []) {
      const x = plot.valToPos(at / 1_000, "x", true);
      if (x < bbox.left || x > bbox.left + bbox.width) continue;
      const y = plot.valToPos(this.#equityAt(at), "y", true);
      ctx.beginPath();
      // Above the line for what was bought, below it for what was sold: the shape says it, not the colour alone.
      if (kind === "buy") triangle(ctx, x, y - size * 1.8, size);
      else if (kind === "sell") triangle(ctx, x, y + size * 1.8, -size);
      else ctx.rect(x - size * 0.4, bbox.top, size * 0.8, bbox.height);
      ctx.globalAlpha = kind === "buy" || kind === "sell" ? 0.85 : 0.3;
      ctx.fillStyle = color(kind === "buy" ? "--accent" : kind === "sell" ? "--sell" : "--bad");
      ctx.fill();
      ctx.globalAlpha = 1;
    }
  }

  /** Equity of the newest sample at or before an instant. */
  #equityAt(at: number): number {
    const points = this.#drawn?.points ?? [];
    const point = points.findLast((one) => one.at <= at) ?? points[0];
    return Number(point?.equity ?? 0);
  }

  /** What the pointer is at, in words beside the heading. */
  #read({ cursor, posToVal }: uPlotNamespace): void {
    const drawn = this.#drawn;
    const left = cursor.left ?? -1;
    const point = cursor.idx === null || cursor.idx === undefined
      ? undefined
      : drawn?.points[cursor.idx];
    if (drawn === null || left < 0 || point === undefined) return setText(byId("readout"), "");
    const at = posToVal(left, "x") * 1_000;
    const near = drawn.marks.filter((mark) => Math.abs(mark.at - at) < NEAR_S * 1_000)
      .toSorted((a, b) => Math.abs(a.at - at) - Math.abs(b.at - at))[0];
    const mark = near === undefined ? "" : ` · ${clockTime(near.at, drawn.zone)} ${near.text}`;
    setText(
      byId("readout"),
      `${clockTime(point.at, drawn.zone)} ${money(point.equity)}${mark}`,
    );
  }
}

function dataOf({ points }: Drawn): uPlotNamespace.AlignedData {
  return [points.map(({ at }) => at / 1_000), points.map(({ equity }) => Number(equity))];
}

function sizeOf(box: HTMLElement): { readonly width: number; readonly height: number } {
  return { width: box.clientWidth, height: Math.max(HEIGHT_MIN, box.clientHeight) };
}

function colorsOf(box: HTMLElement): (name: string) => string {
  const style = getComputedStyle(box);
  return (name) => style.getPropertyValue(name);
}

function hourMinute(seconds: number, zone: string): string {
  return clockTime(seconds * 1_000, zone).slice(0, 5);
}

/** Points up, or down when `size` is negative. */
function triangle(ctx: CanvasRenderingContext2D, x: number, y: number, size: number): void {
  ctx.moveTo(x, y - size * 0.7);
  ctx.lineTo(x + size * 0.8, y + size * 0.7);
  ctx.lineTo(x - size * 0.8, y + size * 0.7);
  ctx.closePath();
}

/** The chart for those who do not see it. */
function summaryOf({ points, start, zone, marks }: Drawn): string {
  const values = points.map(({ equity }) => Number(equity));
  const [first, last] = [points[0], points.at(-1)];
  if (first === undefined || last === undefined) return "Equity today: no valuation yet";
  const change = start === null ? "" : `, ${signed(String(Number(last.equity) - start))} today`;
  const fills = marks.filter(({ kind }) => kind === "buy" || kind === "sell").length;
  return `Equity from ${money(first.equity)} at ${clockTime(first.at, zone)} to ${
    money(last.equity)
  } at ${clockTime(last.at, zone)}${change}; lowest ${
    money(String(Math.min(...values)))
  }, highest ${money(String(Math.max(...values)))}; ${fills} fills`;
}
