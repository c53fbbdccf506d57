import { scaleLinear } from "d3-scale";
import { area, line as path } from "d3-shape";
import { type Frame, label, line, px, svg, type Width } from "./chart_frame.ts";
import type { Mark, Point } from "./figure.ts";
import { type Markup, markup } from "./markup.ts";
import type { ZoneTimes } from "./times.ts";

export interface SessionChart extends Frame {
  readonly opensAt: number;
  readonly closesAt: number;
  readonly equity: readonly Point[];
  readonly start: number | null;
  /** Gross exposure. */
  readonly exposure: readonly Point[];
  /** Orders at the broker. */
  readonly working: readonly Point[];
  readonly marks: readonly Mark[];
}

/** So much before the open and after the close is shown; earlier marks stand at the edge. */
const MARGIN_MS = 30 * 60_000;
const EQUITY_PX = 210;
const EXPOSURE_PX = 46;
const WORKING_PX = 30;
const LANE_PX = 24;
const AXIS_PX = 26;
const TOP_PX = 14;
const TICK_STEPS_MIN = [1, 5, 10, 15, 30, 60, 120, 240] as const;
/** Marks nearer to each other than this are drawn as one that says how many they are. */
const BIN_PX = 6;

const LANES: readonly { readonly lane: Mark["lane"]; readonly name: string }[] = [
  { lane: "fills", name: "Fills" },
  { lane: "refusals", name: "Refused" },
  { lane: "connection", name: "Link lost" },
  { lane: "data", name: "Data" },
  { lane: "incidents", name: "Incidents" },
  { lane: "pause", name: "Paused" },
  { lane: "halt", name: "Halted" },
];

interface Plot {
  readonly width: Width;
  readonly left: number;
  readonly right: number;
  readonly x: (time: number) => number;
  readonly times: ZoneTimes;
  readonly money: (value: number) => string;
}

/** Equity above, a lane for each kind of event below, on one time axis. */
export function sessionChart(
  chart: SessionChart,
  { width, times, money }: {
    readonly width: Width;
    readonly times: ZoneTimes;
    readonly money: (value: number) => string;
  },
): Markup {
  const [from, to] = timeRange(chart);
  const left = width.name === "wide" ? 84 : 62;
  const right = width.px - (width.name === "wide" ? 96 : 20);
  const x = scaleLinear([from, to], [left, right]).clamp(true);
  const plot: Plot = { width, left, right, x, times, money };
  const lanes = LANES.filter(({ lane }) =>
    lane === "fills" || chart.marks.some((mark) => mark.lane === lane)
  );
  const exposureTop = TOP_PX + EQUITY_PX + 12;
  const workingTop = exposureTop + EXPOSURE_PX + 4;
  const lanesTop = workingTop + WORKING_PX + 6;
  const bottom = lanesTop + lanes.length * LANE_PX;
  const content = [
    dayShade(chart, plot, bottom),
    timeAxis([from, to], plot, bottom),
    equityPlot(chart, plot),
    staircase(chart.exposure, plot, { top: exposureTop, height: EXPOSURE_PX, ...HELD }),
    staircase(chart.working, plot, { top: workingTop, height: WORKING_PX, ...ORDERS }),
    lanes.map(({ lane, name }, index) =>
      laneRow(chart.marks.filter((mark) => mark.lane === lane), {
        plot,
        name,
        y: lanesTop + index * LANE_PX + LANE_PX / 2,
      })
    ),
  ];
  return svg(chart, { width, height: bottom + AXIS_PX, content });
}

function timeRange({ opensAt, closesAt, equity, marks }: SessionChart): readonly [number, number] {
  const times = [...equity, ...marks].map(({ time }) => time);
  const first = times.reduce((a, b) => Math.min(a, b), opensAt);
  const last = times.reduce((a, b) => Math.max(a, b), closesAt);
  return [Math.max(first, opensAt - MARGIN_MS), Math.min(last, closesAt + MARGIN_MS)];
}

/** Outside the exchange's hours the ground is darker. */
function dayShade(
  { opensAt, closesAt }: SessionChart,
  { x, left, right }: Plot,
  bottom: number,
): Markup {
  const shade = (from: number, to: number): Markup | null =>
    to - from < 1
      ? null
      : markup`<rect class="closed" x="${px(from)}" y="${TOP_PX}" width="${
        px(to - from)
      }" height="${px(bottom - TOP_PX)}"/>`;
  return markup`${shade(left, x(opensAt))}${shade(x(closesAt), right)}`;
}

function timeAxis(
  [from, to]: readonly [number, number],
  { x, times, width, left, right }: Plot,
  bottom: number,
): Markup {
  const ticksMax = width.name === "wide" ? 9 : 4;
  const minutes = TICK_STEPS_MIN.find((step) => (to - from) / (step * 60_000) <= ticksMax) ?? 480;
  const stepMs = minutes * 60_000;
  // Full hours of the exchange's clock, not of UTC.
  const offset = times.offset(from);
  const first = Math.ceil((from + offset) / stepMs) * stepMs - offset;
  const count = Math.max(0, Math.floor((to - first) / stepMs) + 1);
  const ticks = Array.from({ length: count }, (_, index) => first + index * stepMs);
  const drawn = ticks.map((time) =>
    markup`${line("grid", { x1: x(time), x2: x(time), y1: TOP_PX, y2: bottom })}${
      label(times.minute(time), { x: x(time), y: bottom + 17, at: "middle" })
    }`
  );
  return markup`${drawn}${line("axis", { x1: left, x2: right, y1: bottom, y2: bottom })}`;
}

function equityPlot({ id, equity, start }: SessionChart, plot: Plot): Markup {
  const { x, left, right, width, money, times } = plot;
  const values = [...equity.map(({ value }) => value), ...(start === null ? [] : [start])];
  if (values.length === 0) {
    const middle = { x: (left + right) / 2, y: TOP_PX + EQUITY_PX / 2 };
    return label("No equity was sampled", { ...middle, at: "middle", kind: "name" });
  }
  const [low, high] = [Math.min(...values), Math.max(...values)];
  const pad = high === low ? Math.max(1, Math.abs(high) * 0.0005) : (high - low) * 0.06;
  const y = scaleLinear([low - pad, high + pad], [TOP_PX + EQUITY_PX, TOP_PX]);
  const base = start ?? values[0] ?? low;
  const grid = y.ticks(width.name === "wide" ? 5 : 4).map((tick) =>
    markup`${line("grid", { x1: left, x2: right, y1: y(tick), y2: y(tick) })}${
      label(money(tick), { x: left - 8, y: y(tick) + 4, at: "end" })
    }`
  );
  const at = ({ time }: Point): number => Math.round(x(time) * 10) / 10;
  const height = ({ value }: Point): number => Math.round(y(value) * 10) / 10;
  const curve = path(at, height)([...equity]);
  const filled = area(at, y(base), height)([...equity]);
  const shape = `${id}-${width.name}-area`;
  // The same area twice: above the start it is a gain, below it a loss.
  const clip = (kind: "gain" | "loss", top: number, bottom: number): Markup =>
    markup`<clipPath id="${shape}-${kind}"><rect x="${left}" y="${px(top)}" width="${
      right - left
    }" height="${
      px(Math.max(0, bottom - top))
    }"/></clipPath><use class="area ${kind}" href="#${shape}" clip-path="url(#${shape}-${kind})"/>`;
  const areas = markup`<defs><path id="${shape}" d="${filled ?? ""}"/></defs>${
    clip("gain", TOP_PX, y(base))
  }${clip("loss", y(base), TOP_PX + EQUITY_PX)}`;
  const last = equity.at(-1);
  const end = last === undefined
    ? null
    : markup`<circle class="end" cx="${px(x(last.time))}" cy="${px(y(last.value))}" r="3"><title>${
      times.minute(last.time)
    } ${money(last.value)}</title></circle>${
      width.name === "wide"
        ? label(money(last.value), { x: x(last.time) + 9, y: y(last.value) + 4, kind: "value" })
        : null
    }`;
  const startLine = start === null
    ? null
    : markup`${line("start", { x1: left, x2: right, y1: y(start), y2: y(start) })}${
      label("start", { x: right - 4, y: y(start) - 5, at: "end", kind: "tick" })
    }`;
  return markup`${grid}${areas}${startLine}<path class="curve" d="${curve ?? ""}"/>${end}`;
}

interface Stairs {
  readonly name: string;
  readonly kind: string;
  readonly none: string;
  text(value: number, plot: Plot): string;
}

/** How much was held, in money, below the equity that came of it. */
const HELD: Stairs = {
  name: "Held",
  kind: "exposure",
  none: "nothing held",
  text: (value, { money }) => money(Math.round(value)),
};
/** Stops that wait are orders too. */
const ORDERS: Stairs = {
  name: "Orders",
  kind: "working",
  none: "no order at the broker",
  text: (value) => String(value),
};

/** A level over time that changes in steps, with its highest named. */
function staircase(
  points: readonly Point[],
  plot: Plot,
  { top, height, name, kind, none, text }: Stairs & {
    readonly top: number;
    readonly height: number;
  },
): Markup {
  const { x, left, right, times, width } = plot;
  const bottom = top + height;
  const peak = points.reduce<Point | null>(
    (best, point) => best === null || point.value > best.value ? point : best,
    null,
  );
  const y = scaleLinear([0, Math.max(peak?.value ?? 0, 1)], [bottom, top + 6]);
  const most = peak === null || peak.value === 0 ? null : peak;
  const note = most === null
    ? label(none, { x: left + 6, y: bottom - 5 })
    : width.name === "wide"
    ? label(text(most.value, plot), { x: right + 9, y: y(most.value) + 8 })
    : null;
  const shape = stepPath(thinned(points, x), { x, y, bottom });
  // One sample alone makes no step.
  const dot = points.length === 1 && most !== null
    ? markup`<circle class="end" cx="${px(x(most.time))}" cy="${px(y(most.value))}" r="3"/>`
    : null;
  const title = most === null
    ? none
    : `At most ${text(most.value, plot)}, at ${times.minute(most.time)}`;
  return markup`${
    line("lane", { x1: left, x2: right, y1: bottom, y2: bottom })
  }<path class="${kind}" d="${shape}"><title>${name}: ${title}</title></path>${dot}${
    label(name, { x: left - 8, y: bottom - 4, at: "end", kind: "name" })
  }${note}`;
}

/** The highest of what falls into one pixel: more of them nobody sees. */
function thinned(points: readonly Point[], x: (time: number) => number): readonly Point[] {
  const kept: Point[] = [];
  for (const point of points) {
    const last = kept.at(-1);
    const same = last !== undefined && Math.floor(x(last.time)) === Math.floor(x(point.time));
    if (!same) kept.push(point);
    else if (point.value > last.value) kept[kept.length - 1] = { ...last, value: point.value };
  }
  return kept;
}

/** A staircase on the floor, one step for each change: most minutes have none. */
function stepPath(
  points: readonly Point[],
  { x, y, bottom }: {
    readonly x: (time: number) => number;
    readonly y: (value: number) => number;
    readonly bottom: number;
  },
): string {
  const [first] = points;
  const last = points.at(-1);
  if (first === undefined || last === undefined) return "";
  let level = px(bottom);
  const steps = points.map(({ time, value }) => {
    const next = px(y(value));
    if (next === level) return "";
    level = next;
    return `H${px(x(time))}V${next}`;
  });
  return `M${px(x(first.time))} ${px(bottom)}${steps.join("")}H${px(x(last.time))}V${px(bottom)}z`;
}

interface Bin {
  readonly x: number;
  readonly width: number;
  readonly tone: Mark["tone"];
  readonly texts: readonly string[];
}

function laneRow(
  marks: readonly Mark[],
  { plot, name, y }: { readonly plot: Plot; readonly name: string; readonly y: number },
): Markup {
  const { left, right } = plot;
  // Nobody hovers on a phone.
  const texts = plot.width.name === "wide";
  const shapes = binned(marks, plot).map((bin) => shape(bin, y, texts));
  return markup`${line("lane", { x1: left, x2: right, y1: y, y2: y })}${
    label(name, { x: left - 8, y: y + 4, at: "end", kind: "name" })
  }${shapes}`;
}

function binned(marks: readonly Mark[], { x, times }: Plot): readonly Bin[] {
  const bins = new Map<string, { x: number; width: number; tone: Mark["tone"]; texts: string[] }>();
  for (const { time, until, tone, text } of marks) {
    const at = x(time);
    const width = until === null ? 0 : x(until) - at;
    const key = `${Math.floor(at / BIN_PX)} ${tone}`;
    const bin = bins.get(key) ?? { x: at, width, tone, texts: [] };
    bin.width = Math.max(bin.width, width);
    bin.texts.push(`${times.time(time)} ${text}`);
    bins.set(key, bin);
  }
  return [...bins.values()];
}

/** Lines of hover text that can be read before they go away. */
const TEXTS_MAX = 3;

function shape({ x, width, tone, texts }: Bin, y: number, hovers: boolean): Markup {
  const left = texts.length - TEXTS_MAX;
  const hover = [...texts.slice(0, TEXTS_MAX), ...(left > 0 ? [`and ${left} more`] : [])].join(
    "\n",
  );
  const title = hovers ? markup`<title>${hover}</title>` : null;
  if (tone === "buy" || tone === "sell") {
    const d = tone === "buy"
      ? `M${px(x)} ${px(y - 5.5)}l5 9h-10z`
      : `M${px(x)} ${px(y + 5.5)}l5 -9h-10z`;
    return markup`<path class="mark ${tone}" d="${d}">${title}</path>`;
  }
  if (width > BIN_PX) {
    return markup`<rect class="mark ${tone}" x="${px(x)}" y="${px(y - 5)}" width="${
      px(width)
    }" height="10" rx="2">${title}</rect>`;
  }
  return markup`<rect class="mark ${tone}" x="${px(x - 1.5)}" y="${
    px(y - 6)
  }" width="3" height="12">${title}</rect>`;
}
