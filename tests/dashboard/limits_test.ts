import { deepStrictEqual, strictEqual } from "node:assert/strict";
import type { LimitRow } from "../../lib/dashboard/feed.ts";
import type { EntryBody } from "../../lib/ledger/entry.ts";
import { parseMicros } from "../../lib/money.ts";
import { DEFAULT_LIMITS, limitsAsText } from "../../lib/risk/limits.ts";
import { at, intent, opened, QUOTE, Script, signal, snapshot, tradingDay } from "./entries.ts";
import { shownAfter } from "./view_of.ts";

const rows = (script: Script): readonly LimitRow[] => shownAfter(script.entries).panels.limits;
const used = (script: Script, name: string): string =>
  rows(script).filter((row) => row.name === name)
    .map(({ used, share }) => `${used.value ?? used.because}, ${share}`).join();

const withDefaults = (): Script =>
  new Script().write(
    at(-10),
    opened({ limits: limitsAsText(DEFAULT_LIMITS) }),
    snapshot("10000"),
  );

Deno.test("what only an entry can use shows the most of today's entries, and why not before there is one", () => {
  const script = withDefaults();
  strictEqual(used(script, "maxSpreadPct"), "no entry was ordered today, null");
  script.write(at(1), signal("s1"), intent("A", { quote: QUOTE, lmtPrice: parseMicros("100.1") }));
  strictEqual(used(script, "maxSpreadPct"), "0.02, 0.02");
  strictEqual(used(script, "priceCollarPct"), "0.1, 0.05");
  strictEqual(used(script, "maxQuoteAgeMs"), "60000, 4");
  script.write(at(1), intent("B", { quote: { bid: 99, ask: null, time: 0 } }));
  strictEqual(used(script, "maxQuoteAgeMs"), "60000, 4");
});

Deno.test("what the ledger cannot tell is unknown with its reason", () => {
  strictEqual(
    used(withDefaults(), "cooldownMs"),
    "a wait has no most: what it blocked is counted, null",
  );
});

Deno.test("no limit of the configuration is left out; what sizes an entry is none", () => {
  const shown = new Set(rows(withDefaults()).map(({ name }) => name));
  const isLimit = (name: string): boolean =>
    /^max|Pct$|^cooldown/.test(name) && !/^(size|kelly)/.test(name);
  deepStrictEqual(
    Object.keys(DEFAULT_LIMITS).filter((name) => isLimit(name) && !shown.has(name)),
    [],
  );
});

Deno.test("a limit says how many of today's signals it refused", () => {
  const codes = [
    "EXCEEDS_OPEN_POSITIONS",
    "EXCEEDS_OPEN_POSITIONS",
    "EXCEEDS_DAILY_LOSS",
    "HALTED",
  ];
  const refused = codes.map((code, nth): EntryBody => ({
    kind: "refused",
    signalId: `r${nth}`,
    symbol: "AAPL",
    code,
    value: "",
    limit: "",
  }));
  deepStrictEqual(
    rows(tradingDay().write(at(5), ...refused)).map(({ name, blocked }) => `${name} ${blocked}`),
    ["maxDailyLossPct 1", "maxOpenPositions 2", "maxOrderNotionalUsd 0"],
  );
});
