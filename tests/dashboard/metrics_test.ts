import { deepStrictEqual, match, ok, strictEqual } from "node:assert/strict";
import { join } from "node:path";
import { metricsText } from "../../lib/dashboard/metrics.ts";
import { viewOf } from "../../lib/dashboard/view.ts";
import type { Entry } from "../../lib/ledger/entry.ts";
import { at, incident, intent, Script, sent, signal, tradingDay } from "./entries.ts";
import { clockOff, farm, parent, said } from "./entries_link.ts";
import { ask, withDashboard } from "./rig.ts";
import { foldAll, SURROUNDINGS } from "./view_of.ts";

function metricsAfter(entries: readonly Entry[], now = at(4)): string {
  const state = foldAll(entries);
  return metricsText({
    panels: viewOf(state, SURROUNDINGS).panels,
    latencies: state.latencies,
    incidents: state.notices.totals,
    readers: 3,
    now,
  });
}

/** Lines of one metric, without its name. */
function samples(text: string, name: string): readonly string[] {
  return text.split("\n").filter((line) => line.startsWith(`robo_trader_${name}`))
    .map((line) => line.slice(`robo_trader_${name}`.length).trim());
}

Deno.test("metrics tell session, age, money, limits, orders, latency and incidents", () => {
  const text = metricsAfter(
    tradingDay().write(at(3), incident("cut"), signal("s2"), intent("C", { signalId: "s2" }))
      .write(at(3) + 250, sent("C", 3)).entries,
  );
  deepStrictEqual(samples(text, "equity_usd"), ["10029"]);
  deepStrictEqual(samples(text, "day_pnl_usd"), [
    '{part="total"} 29',
    '{part="realized"} 0',
    '{part="unrealized"} 30',
    '{part="commissions"} 1',
  ]);
  deepStrictEqual(samples(text, "session_state"), ['{state="trading"} 1']);
  deepStrictEqual(samples(text, "last_entry_age_seconds"), ["59.75"]);
  deepStrictEqual(samples(text, "limit_used_ratio")[0], '{limit="maxDailyLossPct"} 0');
  deepStrictEqual(samples(text, "signal_to_wire_seconds"), ["_sum 0.25", "_count 2"]);
  deepStrictEqual(samples(text, "wire_to_word_seconds"), ["_sum 0.08", "_count 2"]);
  deepStrictEqual(samples(text, "incidents_total"), ['{severity="warning"} 1']);
  deepStrictEqual(samples(text, "positions_without_stop"), ["0"]);
  deepStrictEqual(samples(text, "live_readers"), ["3"]);
});

Deno.test("metrics tell farms, clock, algorithms at work, and what a person ordered", () => {
  const text = metricsAfter(
    tradingDay().write(at(4), farm("usfarm", "up"), farm("ushmds", "down", "history"))
      .write(at(4), clockOff(-750), parent())
      .as("operator", at(4), said("entries-paused", "lunch")).entries,
  );
  deepStrictEqual(samples(text, "farm_up"), [
    '{farm="usfarm",service="market-data"} 1',
    '{farm="ushmds",service="history"} 0',
  ]);
  deepStrictEqual(samples(text, "clock_offset_seconds"), ["-0.75"]);
  deepStrictEqual(samples(text, "working_parents"), ["1"]);
  deepStrictEqual(samples(text, "entries_paused"), ["1"]);
  deepStrictEqual(samples(text, "flatten_requested"), ["0"]);
});

Deno.test("what is unknown is left out, not zero", () => {
  const text = metricsAfter(new Script().entries);
  deepStrictEqual(samples(text, "equity_usd"), []);
  deepStrictEqual(samples(text, "last_entry_age_seconds"), []);
  deepStrictEqual(samples(text, "gateway_up"), []);
});

Deno.test("every line is of Prometheus' text format", () => {
  const name = "robo_trader_[a-z_]+";
  const line = new RegExp(
    `^(# HELP ${name} .+|# TYPE ${name} (gauge|counter|summary)|${name}(\\{([a-z]+="[^"\\\\]*",?)+\\})? -?[\\d.]+)$`,
  );
  const lines = metricsAfter(tradingDay().entries).trimEnd().split("\n");
  for (const text of lines) match(text, line);
  const [counters, others] = ["counter", "(?:gauge|summary)"].map((type) =>
    lines.flatMap((text) => new RegExp(`^# TYPE (\\S+) ${type}$`).exec(text)?.[1] ?? [])
  );
  deepStrictEqual(counters?.filter((one) => !one.endsWith("_total")), []);
  deepStrictEqual(others?.filter((one) => /_(total|sum|count)$/.test(one)), []);
});

Deno.test("metrics are for those who have the token of their file", async () => {
  await withDashboard({ entries: tradingDay().entries }, async ({ port, folder }) => {
    const token = Deno.readTextFileSync(join(folder, "credentials", "metrics-token")).trim();
    const get = (authorization: string): ReturnType<typeof ask> =>
      ask(port, { path: "/metrics", headers: { authorization } });
    strictEqual((await get("Bearer wrong")).status, 401);
    const { status, headers, body } = await get(`Bearer ${token}`);
    strictEqual(status, 200);
    strictEqual(headers.get("content-type"), "text/plain; version=0.0.4; charset=utf-8");
    ok(body.includes("\nrobo_trader_equity_usd 10029\n"));
    strictEqual((await ask(port, { headers: { authorization: `Bearer ${token}` } })).status, 401);
  });
});
