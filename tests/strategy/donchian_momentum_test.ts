import { deepStrictEqual, strictEqual } from "node:assert/strict";
import { donchianMomentum } from "../../lib/strategy/donchian_momentum.ts";
import type { Strategy } from "../../lib/strategy/strategy.ts";
import { answers, bar, told, view } from "./bars.ts";

/** Channel of 3 bars in, 2 bars out, stop at 2 average ranges of 2 bars. */
function strategy(): Strategy {
  const created = donchianMomentum.create(
    donchianMomentum.parameters.parse({ entryLength: 3, exitLength: 2, atrLength: 2 }),
  );
  created.init(["AAPL"]);
  return created;
}

Deno.test("donchian-momentum buys a close above the high of the bars before it, not of its own", () => {
  // Highs 100.5: a close of exactly that is no breakout.
  deepStrictEqual(answers(strategy(), [100, 100, 100, 100.5]), ["", "", "", ""]);
  deepStrictEqual(answers(strategy(), [100, 100, 100, 100.51]), [
    "",
    "",
    "",
    "BUY enter AAPL: donchian-breakout",
  ]);
});

Deno.test("donchian-momentum puts the stop two average ranges below the close, and gives its numbers", () => {
  const one = strategy();
  for (const minute of [0, 1, 2]) one.next(bar(minute, 100), view());
  const [signal] = one.next(bar(3, 102), view());
  // True ranges: 1, 1, then 2.5 (102.5 − 100): (1 + 2.5) ÷ 2 by Wilder.
  strictEqual(signal?.stopPrice, 102 - 2 * 1.75);
  deepStrictEqual(signal?.reason.inputs, { close: 102, upper: 100.5, lower: 99.5, atr: 1.75 });
});

Deno.test("donchian-momentum sells what it holds on a close below the shorter channel", () => {
  deepStrictEqual(answers(strategy(), [100, 100, 100, 99.49], 10), [
    "",
    "",
    "",
    "SELL exit AAPL: donchian-breakdown",
  ]);
});

Deno.test("donchian-momentum signals a breakout once, and again only after a breakdown", () => {
  deepStrictEqual(answers(strategy(), [100, 100, 100, 102, 104, 106, 90, 90, 90, 92]), [
    "",
    "",
    "",
    "BUY enter AAPL: donchian-breakout",
    "",
    "",
    "SELL exit AAPL: donchian-breakdown",
    "",
    "",
    "BUY enter AAPL: donchian-breakout",
  ]);
});

Deno.test("donchian-momentum states its warm-up and needs no more", () => {
  const one = strategy();
  strictEqual(one.warmupBars, 3);
  for (const minute of [0, 1, 2]) one.warmUp(bar(minute, 100));
  strictEqual(told(one.next(bar(3, 102), view())), "BUY enter AAPL: donchian-breakout");
});
