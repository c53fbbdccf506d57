import { deepStrictEqual, strictEqual } from "node:assert/strict";
import { openingRange } from "../../lib/strategy/opening_range.ts";
import type { Strategy } from "../../lib/strategy/strategy.ts";
import { answers, bar, told, view } from "./bars.ts";

const DAY_MINUTES = 24 * 60;

function strategy(rest: Readonly<Record<string, unknown>> = {}): Strategy {
  const created = openingRange.create(
    openingRange.parameters.parse({ rangeMinutes: 3, entryMinutes: 10, ...rest }),
  );
  created.init(["AAPL"]);
  return created;
}

Deno.test("opening-range buys the first close above the range, its stop at the range's low", () => {
  const one = strategy();
  for (const [minute, close] of [100, 101, 99].entries()) {
    strictEqual(told(one.next(bar(minute, close), view())), "");
  }
  strictEqual(told(one.next(bar(3, 101.5), view())), "", "the range's high itself is not above it");
  const [signal] = one.next(bar(4, 101.6), view());
  deepStrictEqual(signal, {
    symbol: "AAPL",
    side: "BUY",
    purpose: "enter",
    stopPrice: 98.5,
    reason: {
      rule: "opening-range-breakout",
      text: "The close 101.6 is above 101.5, the high of the first 3 minutes",
      inputs: { close: 101.6, high: 101.5, low: 98.5 },
    },
  });
});

Deno.test("opening-range follows one breakout a day, and one the next day", () => {
  const one = strategy();
  const day = [100, 100, 100, 102, 100, 103];
  strictEqual(answers(one, day).filter((said) => said !== "").length, 1);
  const monday = day.map((close, minute) => bar(3 * DAY_MINUTES + minute, close));
  strictEqual(
    monday.map((next) => told(one.next(next, view()))).filter((said) => said !== "").length,
    1,
  );
});

Deno.test("opening-range sells short below the range only when told to follow both directions", () => {
  const falling = [100, 100, 100, 98];
  strictEqual(answers(strategy(), falling).at(-1), "");
  const both = strategy({ direction: "both" });
  strictEqual(answers(both, falling).at(-1), "SELL enter AAPL: opening-range-breakout");
});

Deno.test("opening-range makes no entry after its last minute", () => {
  const closes = [100, 100, 100, 100, 100, 100, 100, 100, 100];
  strictEqual(
    answers(strategy(), [...closes, 102]).at(-1),
    "BUY enter AAPL: opening-range-breakout",
  );
  strictEqual(answers(strategy(), [...closes, 100, 102]).at(-1), "");
});

Deno.test("opening-range leaves a day alone whose first bars are missing", () => {
  const one = strategy();
  const late = [1, 2, 3, 4].map((minute) => told(one.next(bar(minute, 100 + minute), view())));
  deepStrictEqual(late, ["", "", "", ""]);
});

Deno.test("opening-range takes the range's bars from history when the session starts late", () => {
  const one = strategy();
  for (const minute of [0, 1, 2]) one.warmUp(bar(minute, 100));
  strictEqual(told(one.next(bar(3, 102), view())), "BUY enter AAPL: opening-range-breakout");
});

Deno.test("opening-range started after the breakout does not enter late, and leaves what it holds all the same", () => {
  const one = strategy();
  for (const [minute, close] of [100, 100, 100, 102].entries()) one.warmUp(bar(minute, close));
  strictEqual(told(one.next(bar(4, 103), view())), "");
  strictEqual(
    told(one.next(bar(5, 99), view({ AAPL: 10 }))),
    "SELL exit AAPL: opening-range-failed",
  );
});

Deno.test("opening-range leaves a position whose close is beyond the other end", () => {
  const one = strategy();
  answers(one, [100, 100, 100, 102]);
  strictEqual(
    told(one.next(bar(4, 99.5), view({ AAPL: 10 }))),
    "",
    "the low itself is not beyond it",
  );
  strictEqual(
    told(one.next(bar(5, 99.4), view({ AAPL: 10 }))),
    "SELL exit AAPL: opening-range-failed",
  );
});

Deno.test("opening-range finds the open on both sides of a change of clocks", () => {
  // 2026-10-30 is on summer time (open 13:30 UTC), 2026-11-02 on winter time (14:30 UTC).
  for (const open of ["2026-10-30T13:30:00Z", "2026-11-02T14:30:00Z"]) {
    const one = strategy();
    const said = [100, 100, 100, 102].map((close, minute) =>
      told(one.next(bar(0, close, { time: Date.parse(open) + minute * 60_000 }), view()))
    );
    strictEqual(said.at(-1), "BUY enter AAPL: opening-range-breakout", open);
  }
});
