import { scaleLinear } from "d3-scale";
import { area, line as path } from "d3-shape";
import { type Frame, label, line, px, svg, type Width } from "./chart_frame.ts";
import { type Markup, markup } from "./markup.ts";

interface Day {
  readonly date: string;
  readonly growth: number;
  readonly depth: number;
}

const GROWTH_PX = 170;
const DEPTH_PX = 70;
const GAP_PX = 14;
const TOP_PX = 12;
const AXIS_PX = 24;

/** Growth day by day, and below it how far each day was from the height. */
export function historyChart(
  chart: Frame & { readonly days: readonly Day[] },
  { width }: { readonly width: Width },
): Markup {
  const { days } = chart;
  const left = width.name === "wide" ? 84 : 52;
  const right = width.px - (width.name === "wide" ? 96 : 20);
  const x = scaleLinear([0, Math.max(days.length - 1, 1)], [left, right]);
  const depthTop = TOP_PX + GROWTH_PX + GAP_PX;
  const bottom = depthTop + DEPTH_PX;
  const growth = days.map(({ growth }) => growth);
  const y = scaleLinear([Math.min(0, ...growth), Math.max(0, ...growth)], [
    TOP_PX + GROWTH_PX,
    TOP_PX,
  ]).nice(4);
  const deepest = Math.min(-0.01, ...days.map(({ depth }) => depth));
  const d = scaleLinear([deepest, 0], [bottom, depthTop]);
  const at = (_: Day, index: number): number => round(x(index));
  const curve = path<Day>(at, ({ growth }) => round(y(growth)))([...days]);
  const depth = area<Day>(at, depthTop, ({ depth }) => round(d(depth)))([...days]);
  const last = days.at(-1);
  const content = [
    y.ticks(4).map((tick) =>
      markup`${line("grid", { x1: left, x2: right, y1: y(tick), y2: y(tick) })}${
        label(percent(tick), { x: left - 8, y: y(tick) + 4, at: "end" })
      }`
    ),
    markup`<path class="depth" d="${depth ?? ""}"/><path class="curve" d="${curve ?? ""}"/>`,
    line("axis", { x1: left, x2: right, y1: depthTop, y2: depthTop }),
    label(percent(deepest), { x: left - 8, y: bottom, at: "end" }),
    width.name === "wide" ? label("drawdown", { x: right + 9, y: depthTop + 12 }) : null,
    last === undefined
      ? null
      : markup`<circle class="end" cx="${px(right)}" cy="${
        px(y(last.growth))
      }" r="3"><title>${last.date} ${percent(last.growth)}</title></circle>${
        width.name === "wide"
          ? label(percent(last.growth), { x: right + 9, y: y(last.growth) + 4, kind: "value" })
          : null
      }`,
    dateTicks(days, width).map((index) =>
      label(days[index]?.date ?? "", { x: x(index), y: bottom + 18, at: anchorAt(index, days) })
    ),
  ];
  return svg(chart, { width, height: bottom + AXIS_PX, content });
}

/** First, last and some between. */
function dateTicks(days: readonly Day[], width: Width): readonly number[] {
  const count = Math.min(width.name === "wide" ? 6 : 3, days.length);
  if (count < 2) return days.length === 0 ? [] : [0];
  return Array.from(
    { length: count },
    (_, index) => Math.round((index * (days.length - 1)) / (count - 1)),
  );
}

function anchorAt(index: number, days: readonly Day[]): "start" | "middle" | "end" {
  return index === 0 ? "start" : index === days.length - 1 ? "end" : "middle";
}

function percent(value: number): string {
  return `${value.toFixed(Number.isInteger(value) ? 0 : 1).replace("-", "\u2212")}%`;
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
