import { strictEqual } from "node:assert/strict";
import type { EntryBody } from "../../lib/ledger/entry.ts";
import { parseMicros } from "../../lib/money.ts";
import { Narrator } from "../../lib/session/narrate.ts";
import { entries, execution, intent } from "./fixtures.ts";

const STOP = intent({ intentId: "I2", role: "stop", side: "SELL", auxPrice: parseMicros("9.70") });
const CANCELLED: EntryBody = {
  kind: "order-message",
  intentId: "I2",
  orderId: 8,
  code: 202,
  text: "Order Canceled - reason:",
};
const ASKED: EntryBody = {
  kind: "order-event",
  intentId: "I2",
  orderId: 8,
  permId: 1002,
  symbol: "AAPL",
  status: "PendingCancel",
  filled: parseMicros("0"),
  remaining: parseMicros("100"),
  avgFillPrice: null,
  whyHeld: "",
  source: "local",
};

/** The last sentence of the story. */
function told(...bodies: readonly EntryBody[]): string | null {
  const narrator = new Narrator();
  return entries(...bodies).map((entry) => narrator.narrate(entry)).at(-1) ?? null;
}

function filled(intentId: string): EntryBody {
  const { cumQty: _, clientId: __, ...booked } = execution();
  return { ...booked, kind: "execution", intentId, quote: { bid: null, ask: null, time: 0 } };
}

Deno.test("a fill says whether it was the entry or the stop", () => {
  strictEqual(told(intent(), STOP, filled("I1")), "AAPL entry filled: BUY 100 at 10.01");
  strictEqual(told(intent(), STOP, filled("I2")), "AAPL stop filled: BUY 100 at 10.01");
});

Deno.test("a fill of an order from before a restart is told without its part", () => {
  strictEqual(told(filled("I1")), "AAPL filled: BUY 100 at 10.01");
});

Deno.test("a stop that was taken back is cancelled, without TWS's error of it", () => {
  strictEqual(told(intent(), STOP, ASKED, CANCELLED), "AAPL stop cancelled");
});

Deno.test("a stop that TWS cancelled by itself is told in TWS's words", () => {
  strictEqual(told(intent(), STOP, CANCELLED), "AAPL stop: 202 Order Canceled - reason:");
});

Deno.test("a refusal without a limit names none", () => {
  const refused = { kind: "refused", signalId: "S1", symbol: "AAPL" } as const;
  strictEqual(
    told({ ...refused, code: "HALTED", value: "lunch", limit: "" }),
    "AAPL refused: HALTED value=lunch",
  );
  strictEqual(
    told({ ...refused, code: "EXCEEDS_POSITION_LIMIT", value: "12000", limit: "10000" }),
    "AAPL refused: EXCEEDS_POSITION_LIMIT value=12000 limit=10000",
  );
});
