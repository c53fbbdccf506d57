import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import type { Entry } from "../lib/ledger/entry.ts";
import { bodiesOf } from "../lib/ledger/select.ts";
import { formatMicros } from "../lib/money.ts";
import { buildReport } from "../lib/report/build.ts";
import { figuresOf, tablesOf } from "../lib/report/figure.ts";
import { riskToday } from "../lib/session/risk_today.ts";
import { shownAfter } from "./dashboard/view_of.ts";
import { at, DATE, run } from "./session/run.ts";
import { scripted, want } from "./session/scripted.ts";

/** A cent a minute, up. */
const RISING = (_: string, now: number): number => 100 + (now - at(0)) / 60_000 * 0.01;

async function heldOverNight(): Promise<readonly Entry[]> {
  const { entries, outcome } = await run({
    path: RISING,
    toml: 'at_close = "hold"',
    chosen: scripted((minute) => minute === 5 ? [want("enter")] : []),
  });
  strictEqual(outcome.outcome, "done");
  return entries;
}

Deno.test("L4: equity has the cash in it, and session, risk, report and dashboard say the same at every sample", async () => {
  const entries = await heldOverNight();
  const samples = entries.flatMap((entry, index) =>
    entry.body.kind === "equity" ? [{ ...entry.body, seq: entry.seq, index }] : []
  );
  const sessionId = entries.at(-1)?.sessionId ?? "";
  const table = tablesOf(buildReport(entries, [sessionId])).find(({ id }) => id === "equity");
  const column = table?.columns.findIndex(({ id }) => id === "equity") ?? -1;
  const reported = new Map(table?.rows.map(({ id, cells }) => [id, cells[column]]));
  ok(samples.some(({ netExposure }) => netExposure > 0n) && samples.length > 300);
  for (const { equity, cash, netExposure, seq } of samples) {
    strictEqual(equity, cash + netExposure);
    strictEqual(reported.get(String(seq)), formatMicros(equity));
  }
  // The whole fold each time, so not of every minute.
  for (const { equity, index } of samples.filter((_, minute) => minute % 60 === 30)) {
    const until = entries.slice(0, index + 1);
    const now = until.at(-1)?.at ?? 0;
    const { book } = riskToday(until, { now, date: DATE, outlierPct: 20 });
    strictEqual(book.equity, equity);
    strictEqual(shownAfter(until).panels.account.equity.value, formatMicros(equity));
  }
});

Deno.test("L4: at the end of a day that holds, the broker's, the report's and the dashboard's worth are one number", async () => {
  const entries = await heldOverNight();
  const end = bodiesOf(entries, "account-snapshot").at(-1);
  ok(end !== undefined && end.positions.length === 1);
  const sessionId = entries.at(-1)?.sessionId ?? "";
  const figures = figuresOf(buildReport(entries, [sessionId]));
  const { netLiquidation } = shownAfter(entries).panels.account;
  deepStrictEqual(
    [figures.get("bridge.end.nav")?.value, netLiquidation.value],
    Array(2).fill(formatMicros(end.netLiquidation)),
  );
});
