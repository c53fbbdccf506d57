import { deepStrictEqual, strictEqual } from "node:assert/strict";
import type { EntryBody } from "../../lib/ledger/entry.ts";
import { Books } from "../../lib/ledger/positions.ts";
import { formatMicros, parseMicros } from "../../lib/money.ts";
import { orderRefOf } from "../../lib/orders/ids.ts";
import { Intents } from "../../lib/session/intents.ts";
import { absentFrom, compare, missedFacts } from "../../lib/session/reconcile.ts";
import { ACCOUNT, brokerOrder, entries, execution, intent, word } from "./fixtures.ts";

const START: EntryBody = {
  kind: "account-snapshot",
  at: "start",
  account: ACCOUNT,
  cash: parseMicros("100000"),
  netLiquidation: parseMicros("100000"),
  positions: [],
};
const SENT: EntryBody = { kind: "order-sent", intentId: "I1", orderId: 7 };

function fold(...bodies: readonly EntryBody[]): { books: Books; intents: Intents } {
  const books = new Books();
  const intents = new Intents();
  for (const entry of entries(...bodies)) {
    books.apply(entry);
    intents.apply(entry);
  }
  return { books, intents };
}

Deno.test("missedFacts() books a fill that happened while the session was dead, tied to its intent", () => {
  const state = fold(START, intent(), SENT);
  const [booked] = missedFacts(word({ executions: [execution()] }), state);
  if (booked?.kind !== "execution") throw new Error("No execution booked");
  strictEqual(booked.intentId, "I1");
  strictEqual(formatMicros(booked.price), "10.01");
});

Deno.test("missedFacts() takes no commission of a fill that was corrected since for news", () => {
  const execId = "e.1.01.02";
  const commission = { amount: 0n, currency: "USD", realizedPnl: null };
  const before = fold(START, intent());
  const corrected = missedFacts(word({ executions: [execution({ execId })] }), before);
  const state = fold(START, intent(), ...corrected, { kind: "commission", execId, ...commission });
  // A Gateway that started again tells the commission of the first revision once more.
  const again = { ...commission, execId: "e.1.01.01", amount: parseMicros("1") };
  deepStrictEqual(missedFacts(word({ commissions: [again] }), state), []);
});

Deno.test("missedFacts() books a trade made by hand apart, without an intent", () => {
  const state = fold(START);
  const manual = execution({ orderRef: "", orderId: 0 });
  const [booked] = missedFacts(word({ executions: [manual] }), state);
  strictEqual(booked?.kind === "execution" && booked.intentId, null);
});

Deno.test("missedFacts() finds nothing new the second time", () => {
  const state = fold(START, intent(), SENT);
  const said = word({
    openOrders: [brokerOrder()],
    executions: [execution({ quantity: parseMicros("40") })],
    commissions: [{
      execId: "0000e0d5.0001.01.01",
      amount: 1_000_000n,
      currency: "USD",
      realizedPnl: null,
    }],
  });
  const facts = missedFacts(said, state);
  deepStrictEqual(facts.map(({ kind }) => kind), ["execution", "commission", "order-event"]);
  deepStrictEqual(missedFacts(said, fold(START, intent(), SENT, ...facts)), []);
});

Deno.test("missedFacts() adopts a working order by orderRef under its new order id", () => {
  const state = fold(START, intent());
  const facts = missedFacts(word({ openOrders: [brokerOrder({ orderId: 3 })] }), state);
  const { intents } = fold(START, intent(), ...facts);
  strictEqual(intents.byOrderId(3)?.intent.intentId, "I1");
  strictEqual(intents.byId("I1")?.permId, 1001);
});

Deno.test("absentFrom() suspects an intent in none of the lists, and no other", () => {
  const state = fold(START, intent(), intent({ intentId: "I2", orderRef: "rt-I2" }));
  const suspects = absentFrom(word({ openOrders: [brokerOrder()] }), state.intents);
  deepStrictEqual(suspects.map(({ intent }) => intent.intentId), ["I2"]);
});

Deno.test("compare() is empty when positions and cash agree to half a cent", () => {
  const { execId } = execution();
  const { books, intents } = fold(
    START,
    intent(),
    { ...missed(), execId },
    {
      kind: "commission",
      execId,
      amount: parseMicros("1.000003"),
      currency: "USD",
      realizedPnl: null,
    },
  );
  const said = word({
    executions: [execution()],
    positions: [{
      account: ACCOUNT,
      symbol: "AAPL",
      conId: 265598,
      quantity: parseMicros("100"),
      avgCost: 0n,
    }],
  }, "98998.00");
  const result = compare(said, { books, intents, at: "end" });
  deepStrictEqual(result.differences, []);
  deepStrictEqual(result.fills, { ledger: 1, broker: 1 });
});

Deno.test("compare() names a position the ledger does not have, and cash that moved", () => {
  const { books, intents } = fold(START);
  const said = word({
    positions: [{
      account: ACCOUNT,
      symbol: "GM",
      conId: 1,
      quantity: parseMicros("5"),
      avgCost: 0n,
    }],
  }, "99000.01");
  deepStrictEqual(compare(said, { books, intents, at: "start" }).differences, [
    { what: "position", key: "GM", ledger: "0", broker: "5" },
    { what: "cash", key: ACCOUNT, ledger: "100000", broker: "99000.01" },
  ]);
});

Deno.test("L10: compare() names a working order of ours that no entry has, and none made by hand", () => {
  const strayRef = orderRefOf(`01K9Z${"0".repeat(21)}`);
  const said = word({
    openOrders: [
      brokerOrder(),
      brokerOrder({ orderRef: strayRef, side: "SELL", orderType: "STP" }),
      brokerOrder({ orderRef: strayRef, status: "Cancelled" }),
      brokerOrder({ orderRef: "by hand" }),
    ],
  });
  deepStrictEqual(compare(said, { ...fold(START, intent()), at: "start" }).differences, [
    { what: "order", key: strayRef, ledger: "", broker: "SELL 100 AAPL STP" },
  ]);
});

Deno.test("Intents ends an order on its executions alone when its status never comes", () => {
  const { intents } = fold(intent(), SENT, missed());
  deepStrictEqual(intents.open(), []);
});

Deno.test("Intents keeps a cancelled order cancelled when an old status is repeated late", () => {
  const status = (status: "Cancelled" | "Submitted"): EntryBody => ({
    kind: "order-event",
    intentId: "I1",
    orderId: 7,
    permId: 1001,
    symbol: "AAPL",
    status,
    filled: 0n,
    remaining: parseMicros("100"),
    avgFillPrice: null,
    whyHeld: "",
    source: "status",
  });
  const { intents } = fold(intent(), SENT, status("Cancelled"), status("Submitted"));
  strictEqual(intents.byId("I1")?.status, "Cancelled");
});

Deno.test("Intents counts a corrected execution once", () => {
  const first = { ...missed(), quantity: parseMicros("100") };
  const corrected = { ...first, execId: "0000e0d5.0001.01.02", quantity: parseMicros("60") };
  const { intents } = fold(intent(), SENT, first, corrected);
  strictEqual(formatMicros(intents.byId("I1")?.filled ?? 0n), "60");
});

function missed(): Extract<EntryBody, { kind: "execution" }> {
  const [booked] = missedFacts(word({ executions: [execution()] }), fold(intent()));
  if (booked?.kind !== "execution") throw new Error("No execution booked");
  return booked;
}
