import { strictEqual } from "node:assert/strict";
import type { EntryBody } from "../../lib/ledger/entry.ts";
import { formatMicros, parseMicros } from "../../lib/money.ts";
import { mostOf } from "../../lib/session/cover.ts";
import { Intents } from "../../lib/session/intents.ts";
import { executionEntry } from "../../lib/session/reconcile.ts";
import { entries, execution, intent } from "./fixtures.ts";

/** The size of a stop whose entry of 100 shares has bought 30. */

const STOP = { intentId: "I2", orderRef: "rt-I2", side: "SELL", role: "stop" } as const;

function size(status: "Submitted" | "Cancelled", filled: string): string {
  const intents = new Intents();
  const bought = execution({ quantity: parseMicros("30") });
  const ended: EntryBody = {
    kind: "order-event",
    intentId: "I1",
    orderId: 7,
    permId: 1001,
    symbol: "AAPL",
    status,
    filled: parseMicros(filled),
    remaining: 0n,
    avgFillPrice: null,
    whyHeld: "",
    source: "status",
  };
  const placed = [intent(), intent({ ...STOP, parentIntentId: "I1" })];
  for (const entry of entries(...placed)) intents.apply(entry);
  for (const entry of entries(executionEntry(bought, intents), ended)) intents.apply(entry);
  const stop = intents.byId("I2");
  return stop === undefined ? "" : formatMicros(mostOf(stop, intents));
}

Deno.test("a stop keeps its size while its entry may still fill", () => {
  strictEqual(size("Submitted", "30"), "100");
});

Deno.test("a stop whose entry ended in part is never ordered for more than was bought", () => {
  strictEqual(size("Cancelled", "30"), "30");
});

Deno.test("a stop keeps its size while fills of its entry are still to come", () => {
  strictEqual(size("Cancelled", "40"), "100");
});
