import { reportOn } from "../../lib/report/selection.ts";
import { render } from "../../tasks/report.ts";
import { busyDates, busyYears } from "../report/busy_day.ts";

/**
 * How the report grows: a normal day, and years of such days, 10,000 to 1,000,000 fills. Making the entries is
 * measured apart and taken off. Run with `deno run -P=tests tests/bench/report_scale.ts`.
 */

const SIZES = [10_000, 100_000, 1_000_000] as const;

function seconds(work: () => void): number {
  const start = performance.now();
  work();
  return (performance.now() - start) / 1_000;
}

function say(text: string): void {
  Deno.stdout.writeSync(new TextEncoder().encode(`${text}\n`));
}

function reader(fills: number): Parameters<typeof reportOn>[1] {
  return { read: () => busyYears(fills), sessions: () => busyDates(fills) };
}

const day = seconds(() => {
  const selection = { kind: "sessions", sessionIds: ["2020-01-01-1"], name: "" } as const;
  const files = render(reportOn(selection, reader(500)), ["html", "md", "json", "csv"]);
  say(
    `a day of 500 fills: page of ${Math.round((files.get("report.html") ?? "").length / 1e3)} kB`,
  );
});
say(`a day of 500 fills: ${day.toFixed(2)} s in all four formats`);

let before: { readonly fills: number; readonly perFill: number } | null = null;
for (const fills of SIZES) {
  const making = seconds(() => {
    for (const entry of busyYears(fills)) void entry;
  });
  const selection = { kind: "period", from: "2020-01-01", to: "2100-01-01", name: "" } as const;
  const all = seconds(() => {
    render(reportOn(selection, reader(fills)), ["html", "md", "json", "csv"]);
  });
  const took = all - making;
  const perFill = took / fills;
  const ratio = before === null ? "" : `, per fill × ${(perFill / before.perFill).toFixed(2)}`;
  const memory = Math.round(Deno.memoryUsage().rss / 1e6);
  say(
    `${fills} fills: ${took.toFixed(1)} s (entries ${making.toFixed(1)} s), ${memory} MB${ratio}`,
  );
  before = { fills, perFill };
}
