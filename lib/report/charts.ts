import { barChart, type FloatingBar } from "./chart_bars.ts";
import { type Width, WIDTHS } from "./chart_frame.ts";
import { historyChart } from "./chart_history.ts";
import { sessionChart } from "./chart_session.ts";
import type { Chart } from "./figure.ts";
import { decimal, display } from "./format.ts";
import { type Markup, markup } from "./markup.ts";
import type { ZoneTimes } from "./times.ts";

/** A chart as SVG, in both widths. */
export function drawChart(chart: Chart, times: ZoneTimes): Markup {
  return markup`<figure class="chart ${chart.kind}">${
    WIDTHS.map((width) => draw(chart, width, times))
  }${chart.kind === "session" ? LEGEND : null}</figure>`;
}

const LEGEND =
  markup`<figcaption>▲ bought, ▽ sold. Point at a mark to read what it is.</figcaption>`;

function draw(chart: Chart, width: Width, times: ZoneTimes): Markup {
  const money = (value: number, signed = false): string =>
    display(decimal(value), "money", { times, signed });
  switch (chart.kind) {
    case "session": {
      // Cents on an axis are noise.
      const tick = (value: number): string => money(value).replace(/\.00$/, "");
      return sessionChart(chart, { width, times, money: tick });
    }
    case "waterfall":
      return barChart(chart, waterfallBars(chart.steps, money), {
        width,
        zero: false,
        joined: true,
      });
    case "history":
      return historyChart(chart, { width });
    case "bars": {
      const bars = chart.bars.map(({ label, value }): FloatingBar => ({
        name: label,
        from: 0,
        to: value,
        text: money(value, true),
      }));
      return barChart(chart, bars, { width, zero: true, joined: false });
    }
  }
}

/** Each change starts where the one before ended. */
function waterfallBars(
  steps: Extract<Chart, { kind: "waterfall" }>["steps"],
  money: (value: number, signed?: boolean) => string,
): readonly FloatingBar[] {
  let level = 0;
  return steps.map(({ label, value, total }): FloatingBar => {
    const from = total ? value : level;
    level = total ? value : level + value;
    return { name: label, from, to: level, text: money(value, !total), level: total };
  });
}
