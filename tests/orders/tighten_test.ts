import { deepStrictEqual, throws } from "node:assert/strict";
import { plan } from "../../lib/orders/plan.ts";
import { tighten, type WorkingStop } from "../../lib/orders/tighten.ts";
import { review } from "../../lib/risk/review.ts";
import { reviewTighten, type Tightened } from "../../lib/risk/tighten.ts";
import { approval, book, enter, limits, micros, NOW } from "../risk/fixtures.ts";

function working(): { readonly entry: WorkingStop; readonly stop: WorkingStop } {
  let made = 0;
  const [entry, stop] = plan(approval(review([enter("AAPL")], limits(), book())), {
    entryType: "LMT",
    exitType: "MKT",
    stopTif: "GTC",
    deadlineAfterMs: 10_000,
    now: NOW,
    ids: () => `ID${++made}`,
  });
  if (entry === undefined || stop === undefined) throw new Error("No bracket");
  return { entry: { ...entry, orderId: 7 }, stop: { ...stop, orderId: 8 } };
}

function proof(intentId: string, to: string): Tightened {
  const wish = {
    intentId,
    symbol: "AAPL",
    side: "SELL",
    from: micros("98"),
    to: micros(to),
  } as const;
  const decision = reviewTighten(wish, limits(), book());
  if (decision.outcome === "refused") throw new Error(decision.code);
  return decision;
}

Deno.test("tighten() is the same order under the same id, with the proven price and nothing else changed", () => {
  const { stop } = working();
  const { orderId, ...before } = stop;
  const change = tighten(proof("ID2", "99"), { ...stop, deadlineMs: NOW + 20_000 });
  deepStrictEqual(change.orderId, orderId);
  deepStrictEqual({ ...change.order }, {
    ...before,
    auxPrice: micros("99"),
    deadlineMs: NOW + 20_000,
    transmit: true,
  });
});

Deno.test("tighten() refuses the proof of another order, and an order that is no stop", () => {
  const { entry, stop } = working();
  throws(() => tighten(proof("ID9", "99"), stop), /Cannot move "ID2" \(stop\): "ID9" was approved/);
  throws(() => tighten(proof("ID1", "99"), entry), RangeError);
});
