import { deepStrictEqual, throws } from "node:assert/strict";
import { parseBars } from "../../lib/market/bars_csv.ts";

const HEAD = "time,open,high,low,close,volume";
const of = (...lines: string[]): string => [HEAD, ...lines, ""].join("\n");

Deno.test("parseBars() reads instants with an offset and epoch milliseconds alike", () => {
  const bars = parseBars(
    of("2026-11-20T09:30:00-05:00,100,101,99,100.5,1000", "1795185060000,100.5,102,100,101,500"),
    { symbol: "AAPL", barMs: 60_000 },
  );
  deepStrictEqual(bars.map(({ time }) => time), [
    Date.parse("2026-11-20T14:30:00Z"),
    Date.parse("2026-11-20T14:31:00Z"),
  ]);
});

Deno.test("parseBars() takes the smallest step for the bars' length, so that a gap does not stretch them", () => {
  const bars = parseBars(
    of(
      "2026-11-20T14:30:00Z,100,101,99,100.5,1000",
      "2026-11-20T14:35:00Z,100,101,99,100,1000",
      "2026-11-20T14:36:00Z,100,101,99,100,1000",
    ),
    { symbol: "AAPL" },
  );
  deepStrictEqual(bars.map(({ durationMs }) => durationMs), [60_000, 60_000, 60_000]);
});

Deno.test("parseBars() takes wap and count where the file has them, and columns in any order", () => {
  const text =
    "count,wap,volume,close,low,high,open,time\n7,100.2,10,100,99,101,100,1763649000000\n";
  deepStrictEqual(parseBars(text, { symbol: "AAPL", barMs: 60_000 }), [{
    symbol: "AAPL",
    time: 1_763_649_000_000,
    durationMs: 60_000,
    open: 100,
    high: 101,
    low: 99,
    close: 100,
    volume: 10,
    wap: 100.2,
    count: 7,
  }]);
});

Deno.test("parseBars() names the line that cannot be used, and why", () => {
  const refuse = (line: string, why: RegExp): void =>
    throws(() => parseBars(of("1000000000000,1,1,1,1,1", line), { symbol: "AAPL" }), why);
  refuse("1000000000000,1,1,1,1,1", /line 3 of AAPL: its time is not after/);
  refuse("2026-11-20 14:31:00,1,1,1,1,1", /neither epoch milliseconds nor an instant/);
  refuse("2000000000000,1,1,1,,1", /line 3 of AAPL: close is ""/);
  refuse("2000000000000,1,1,1,NaN,1", /close is "NaN"/);
  refuse("2000000000000,1,1,-1,1,1", /low is "-1"/);
  refuse("2000000000000,5,4,1,3,1", /low 1 and high 4 do not hold the bar/);
  refuse("2000000000000,0,1,0,1,1", /low 0 and high 1 do not hold the bar/);
});

Deno.test("parseBars() says which columns are missing", () => {
  throws(() => parseBars("time,open,close\n", { symbol: "AAPL" }), /lacks high, low, volume/);
});
