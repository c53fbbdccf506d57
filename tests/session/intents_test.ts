import { deepStrictEqual, strictEqual } from "node:assert/strict";
import type { EntryBody, IntentRecorded, OrderEvent } from "../../lib/ledger/entry.ts";
import { MemoryLedger } from "../../lib/ledger/memory.ts";
import { parseMicros } from "../../lib/money.ts";
import { Intents } from "../../lib/session/intents.ts";

const INTENT: IntentRecorded = {
  kind: "intent",
  intentId: "I1",
  signalId: null,
  orderRef: "RT-I1",
  strategy: "test",
  symbol: "AAPL",
  conId: 265598,
  side: "BUY",
  role: "entry",
  orderType: "MKT",
  tif: "DAY",
  quantity: parseMicros("100"),
  lmtPrice: null,
  auxPrice: null,
  parentIntentId: null,
  ocaGroup: null,
  parentOrderId: null,
  displaySize: null,
  algo: null,
  deadlineMs: 0,
  sizing: "",
  quote: { bid: null, ask: null, time: 0 },
};
const SENT: EntryBody = { kind: "order-sent", intentId: "I1", orderId: 7 };

function told(...bodies: readonly EntryBody[]): Intents {
  const intents = new Intents();
  for (const entry of new MemoryLedger().append("s", 1_000, [INTENT, SENT, ...bodies])) {
    intents.apply(entry);
  }
  return intents;
}

function open(...bodies: readonly EntryBody[]): number {
  return told(...bodies).open().length;
}

function message(code: number): EntryBody {
  return { kind: "order-message", intentId: "I1", orderId: 7, code, text: "a message" };
}

function event(status: "Submitted" | "Cancelled" | "Filled"): OrderEvent {
  return {
    kind: "order-event",
    intentId: "I1",
    orderId: 7,
    permId: 900,
    symbol: "AAPL",
    status,
    filled: 0n,
    remaining: INTENT.quantity,
    avgFillPrice: null,
    whyHeld: "",
    source: "status",
  };
}

function execution(execId: string, shares: string): EntryBody {
  return {
    kind: "execution",
    execId,
    intentId: "I1",
    orderId: 7,
    permId: 900,
    orderRef: "RT-I1",
    account: "DU1",
    symbol: "AAPL",
    conId: 265598,
    side: "BUY",
    quantity: parseMicros(shares),
    price: parseMicros("100"),
    time: 1_000,
    exchange: "ISLAND",
    lastLiquidity: 2,
    quote: { bid: null, ask: null, time: 0 },
  };
}

Deno.test("Intents closes an order that TWS refused with nothing but a message", () => {
  strictEqual(open(), 1);
  for (const code of [110, 200, 201, 321]) strictEqual(open(message(code)), 0, String(code));
});

Deno.test("Intents keeps an order open that a warning speaks of, or whose change was refused", () => {
  strictEqual(open(message(399)), 1);
  strictEqual(open(event("Submitted"), message(110)), 1);
});

Deno.test("Intents closes an order by its executions alone", () => {
  strictEqual(open(execution("a.01.01", "60")), 1);
  strictEqual(open(execution("a.01.01", "60"), execution("b.01.01", "40")), 0);
});

Deno.test("Intents does not reopen what is over for a late repeat", () => {
  strictEqual(open(event("Cancelled"), event("Submitted")), 0);
  strictEqual(told(event("Cancelled"), event("Submitted")).byId("I1")?.status, "Cancelled");
});

Deno.test("Intents counts a correction in place of what it corrects", () => {
  const intents = told(execution("a.01.01", "100"), execution("a.01.02", "90"));
  strictEqual(intents.byId("I1")?.filled, parseMicros("90"));
});

const FROZEN: EntryBody = {
  kind: "intent-frozen",
  intentId: "I1",
  symbol: "AAPL",
  because: "nobody knows",
};

function counts(...bodies: readonly EntryBody[]): [open: number, frozen: number] {
  const intents = told(...bodies);
  return [intents.open().length, intents.frozen().length];
}

Deno.test("Intents keeps a frozen intent apart from those that may still fill", () => {
  deepStrictEqual(counts(FROZEN), [0, 1]);
  const asked = { ...event("Submitted"), source: "local" } as const;
  deepStrictEqual(counts(FROZEN, asked), [0, 1], "our own request proves nothing");
});

Deno.test("Intents thaws a frozen intent by the broker's word alone: it works again, or is over", () => {
  deepStrictEqual(counts(FROZEN, event("Submitted")), [1, 0]);
  deepStrictEqual(counts(event("Submitted"), FROZEN, event("Submitted")), [1, 0]);
  deepStrictEqual(counts(FROZEN, execution("a.01.01", "60")), [1, 0]);
  deepStrictEqual(counts(FROZEN, event("Cancelled")), [0, 0]);
  deepStrictEqual(counts(FROZEN, message(201)), [0, 0]);
  deepStrictEqual(counts(event("Filled"), FROZEN), [0, 0], "what is over is not frozen");
});

Deno.test("Intents forgets that a cancel was asked for when the broker's list has the order working: it was lost", () => {
  const asked: EntryBody = { ...event("Submitted"), status: "PendingCancel", source: "local" };
  strictEqual(told(asked).byId("I1")?.cancelRequested, true);
  strictEqual(told(asked, event("Submitted")).byId("I1")?.cancelRequested, true);
  const listed: EntryBody = { ...event("Submitted"), source: "open-orders" };
  strictEqual(told(asked, listed).byId("I1")?.cancelRequested, false);
});

Deno.test("Intents knows which fills are still to come of an order that is over, and not for ever", () => {
  const owing = (now: number, ...bodies: readonly EntryBody[]): number =>
    told(...bodies).owing(now).length;
  strictEqual(owing(1_000, event("Filled")), 1);
  strictEqual(owing(1_000, event("Filled"), execution("0001.01", "60")), 1);
  strictEqual(
    owing(1_000, event("Filled"), execution("0001.01", "60"), execution("0002.01", "40")),
    0,
  );
  strictEqual(owing(1_000, event("Cancelled")), 0);
  strictEqual(owing(121_000, event("Filled")), 0);
});
