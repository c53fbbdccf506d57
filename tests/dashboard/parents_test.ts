import { deepStrictEqual, strictEqual } from "node:assert/strict";
import type { Decision, ParentRow } from "../../lib/dashboard/feed.ts";
import { parseMicros } from "../../lib/money.ts";
import {
  at,
  fill,
  intent,
  opened,
  type Script,
  sent,
  signal,
  status,
  tradingDay,
} from "./entries.ts";
import { parent, parentEnded } from "./entries_link.ts";
import { shownAfter } from "./view_of.ts";

/** Orders that an algorithm works in slices, and orders whose prices change. */

const slice = { signalId: "s2", parentOrderId: "P" } as const;

/** A signal that is worked in slices of 10: one filled at 100, one at 101, a third at work, each with its stop. */
function sliced(): Script {
  return tradingDay()
    .write(at(4), signal("s2"), parent({ signalId: "s2" }))
    .write(at(5), intent("S1", slice), intent("T1", { ...slice, role: "stop", side: "SELL" }))
    .write(at(5) + 5, sent("S1", 11), sent("T1", 12), status("S1", "Filled", "10"))
    .write(at(5) + 9, fill("S1", { execId: "f1.01" }))
    .write(at(6), intent("S2", slice), sent("S2", 13))
    .write(at(6) + 9, fill("S2", { execId: "f2.01", price: "101" }))
    .write(at(7), intent("S3", slice), sent("S3", 14));
}

const row = (script: Script): ParentRow | undefined => shownAfter(script.entries).panels.parents[0];
const decision = (script: Script): Pick<Decision, "outcome" | "text"> | undefined => {
  const last = shownAfter(script.entries).streams.decisions.at(-1);
  return last && { outcome: last.outcome, text: last.text };
};

Deno.test("a parent shows what its slices filled, at what price, what may fill now, and its newest word", () => {
  const shown = row(sliced());
  deepStrictEqual(shown && { ...shown, because: "" }, {
    parentOrderId: "P",
    symbol: "AAPL",
    side: "BUY",
    purpose: "enter",
    algorithm: "TWAP",
    because: "",
    quantity: "100",
    filled: "20",
    working: "10",
    slices: 3,
    averagePrice: "100.5",
    limitPrice: "101",
    startMs: at(1),
    endMs: at(11),
    stamp: { at: at(7), seenAt: null },
  });
});

Deno.test("a correction of a slice's fill counts in place of what it corrects", () => {
  const script = sliced().write(at(8), fill("S2", { execId: "f2.02", price: "103" }));
  strictEqual(row(script)?.averagePrice, "101.5");
  strictEqual(row(script)?.filled, "20");
});

Deno.test("the signal's decision speaks of the whole order, not of its newest slice", () => {
  deepStrictEqual(decision(sliced()), {
    outcome: "sent",
    text: "BUY 100 by TWAP in 3 slices, filled 20 at 100.5",
  });
});

Deno.test("a parent that ended is off the list, and the decision says what became of it", () => {
  const script = sliced().write(at(11), status("S3", "Cancelled"), parentEnded());
  strictEqual(row(script), undefined);
  deepStrictEqual(decision(script), {
    outcome: "partly-filled",
    text: "BUY 100 by TWAP in 3 slices, filled 20 at 100.5: its time is over",
  });
  const nothing = tradingDay().write(
    at(4),
    signal("s2"),
    parent({ signalId: "s2" }),
    parentEnded({ outcome: "unfilled", because: "no liquidity", avgFillPrice: null }),
  );
  strictEqual(decision(nothing)?.outcome, "cancelled");
});

Deno.test("a slice is shown as one of its parent, its stop as a stop", () => {
  const { orders } = shownAfter(sliced().entries).panels;
  deepStrictEqual(orders.map(({ intentId, parentOrderId }) => [intentId, parentOrderId]), [
    ["S3", "P"],
    ["T1", "P"],
    ["B", null],
  ]);
});

Deno.test("a live session shows nothing of what a paper one had at work", () => {
  const script = sliced();
  script.as("2026-11-20-2", at(8), opened({ mode: "live", account: "U7654321" }));
  deepStrictEqual(shownAfter(script.entries).panels.parents, []);
});

Deno.test("a stop that was tightened is shown at its new price, with the rule that moved it", () => {
  const script = tradingDay().write(at(4), {
    kind: "order-changed",
    intentId: "B",
    symbol: "AAPL",
    lmtPrice: null,
    auxPrice: parseMicros("98"),
    rule: "trailing",
    because: "5 below the high of 103, for DU1234567",
  });
  const { positions, orders } = shownAfter(script.entries).panels;
  const changed = { rule: "trailing", because: "5 below the high of 103, for DU•••567" };
  deepStrictEqual(positions[0]?.stop, {
    price: "98",
    shares: "10",
    changed,
    stamp: { at: at(4), seenAt: null },
  });
  deepStrictEqual([orders[0]?.auxPrice, orders[0]?.changed], ["98", changed]);
});
