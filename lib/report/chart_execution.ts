import { scaleLinear } from "d3-scale";
import { type Markup, markup } from "./markup.ts";

/** One algorithm at one size: mean cost and its standard deviation, in basis points. */
export interface CostBar {
  /** As part of the expected volume. */
  readonly part: number;
  readonly algorithm: string;
  /** The one the rule takes for this size. */
  readonly chosen: boolean;
  readonly mean: number;
  /** Null of a single value. */
  readonly deviation: number | null;
}

const WIDTH_PX = 760;
const LEFT_PX = 130;
const RIGHT_PX = 40;
const TOP_PX = 56;
const ROW_PX = 20;
const GAP_PX = 26;
const AXIS_PX = 30;
const TICKS = 8;

/** A picture that stands alone: a bar for each algorithm, a group for each size, a whisker for the spread. */
export function executionChart(bars: readonly CostBar[], title: string): Markup {
  const parts = [...new Set(bars.map(({ part }) => part))];
  const ends = bars.flatMap((
    { mean, deviation },
  ) => [mean - (deviation ?? 0), mean + (deviation ?? 0)]);
  const x = scaleLinear([Math.min(0, ...ends), Math.max(0, ...ends)], [
    LEFT_PX,
    WIDTH_PX - RIGHT_PX,
  ])
    .nice();
  const heights = parts.map((part) =>
    bars.filter((bar) => bar.part === part).length * ROW_PX + GAP_PX
  );
  const bottom = TOP_PX + heights.reduce((sum, height) => sum + height, 0);
  const groups = parts.map((part, index) => {
    const top = TOP_PX + heights.slice(0, index).reduce((sum, height) => sum + height, 0);
    const ofPart = bars.filter((bar) => bar.part === part);
    const market = ofPart.find(({ algorithm }) => algorithm === "MARKET")?.mean ?? null;
    return group(ofPart, { x, top, market });
  });
  const ticks = x.ticks(TICKS).map((value) =>
    markup`<line class="grid" x1="${x(value)}" x2="${x(value)}" y1="${TOP_PX}" y2="${bottom}"/>
<text class="tick" x="${x(value)}" y="${bottom + 16}" text-anchor="middle">${value}</text>`
  );
  const height = bottom + AXIS_PX;
  return markup`<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH_PX} ${height}" width="${WIDTH_PX}" height="${height}" role="img" aria-label="${title}">
<style>${STYLE}</style>
<rect width="100%" height="100%" fill="#fff"/>
<text class="title" x="12" y="22">${title}</text>
<text class="tick" x="12" y="40">basis points; the whisker is one standard deviation, the dashed line is MARKET, * is the rule's choice</text>
${ticks}${groups}</svg>`;
}

function group(
  bars: readonly CostBar[],
  { x, top, market }: {
    readonly x: (value: number) => number;
    readonly top: number;
    readonly market: number | null;
  },
): Markup {
  const first = top + GAP_PX;
  const rows = bars.map((bar, index) => {
    const y = first + index * ROW_PX;
    const middle = y + ROW_PX / 2 - 2;
    const [from, to] = [Math.min(x(0), x(bar.mean)), Math.max(x(0), x(bar.mean))];
    const spread = bar.deviation ?? 0;
    const [low, high] = [x(bar.mean - spread), x(bar.mean + spread)];
    return markup`<text x="${LEFT_PX - 8}" y="${middle + 4}" text-anchor="end">${bar.algorithm}${
      bar.chosen ? " *" : ""
    }</text>
<rect class="${bar.chosen ? "chosen" : "bar"}" x="${from}" y="${y}" width="${to - from}" height="${
      ROW_PX - 5
    }"/>
<line class="whisker" x1="${low}" x2="${high}" y1="${middle}" y2="${middle}"/>
<text class="tick" x="${high + 6}" y="${middle + 4}">${bar.mean.toFixed(2)}</text>
`;
  });
  const line = market === null
    ? markup``
    : markup`<line class="market" x1="${x(market)}" x2="${x(market)}" y1="${first - 4}" y2="${
      first + bars.length * ROW_PX - 4
    }"/>`;
  const size = `${(bars[0]?.part ?? 0) * 100} % of the volume expected`;
  return markup`<text class="size" x="12" y="${first - 8}">${size}</text>
${rows}${line}`;
}

const STYLE = `text { font: 12px system-ui, sans-serif; fill: #1f2937 }
.title { font-size: 15px; font-weight: 600 } .size { font-weight: 600 } .tick { font-size: 11px; fill: #6b7280 }
.grid { stroke: #e5e7eb } .bar { fill: #9db4cf } .chosen { fill: #2563a8 }
.whisker { stroke: #1f2937; stroke-width: 1.5 } .market { stroke: #b45309; stroke-dasharray: 4 3; stroke-width: 1.5 }`;
