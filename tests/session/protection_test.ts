import { deepStrictEqual, match, ok, strictEqual } from "node:assert/strict";
import { bodiesOf } from "../../lib/ledger/select.ts";
import { openLedger } from "../../lib/ledger/sqlite.ts";
import type { Ledger } from "../../lib/ledger/ledger.ts";
import { formatMicros, parseMicros } from "../../lib/money.ts";
import type { Order } from "../../lib/orders/order.ts";
import { MemoryAccount, type Path } from "./memory_broker.ts";
import { at, HILL, run } from "./run.ts";
import type { EntryBody } from "../../lib/ledger/entry.ts";
import { Intents } from "../../lib/session/intents.ts";
import { remedyFor } from "../../lib/session/protection.ts";
import { entries as entriesOf, execution, intent } from "./fixtures.ts";

/** A position that finds itself without a stop. */

interface Left {
  readonly ledger: Ledger;
  readonly account: MemoryAccount;
  readonly stop: Order;
}

/** A session that bought and died at the 60th minute; then its stop went away at the broker. */
async function leftWithoutStop(): Promise<Left> {
  const ledger = openLedger(":memory:");
  const account = new MemoryAccount();
  const { broker } = await run({
    ledger,
    account,
    script: ({ clock, stop }) => void clock.at(at(60), () => stop.abort(new Error("killed"))),
  });
  const stop = broker.placed.find(({ role }) => role === "stop");
  const held = stop === undefined ? undefined : account.orders.get(stop.intentId);
  if (stop === undefined || held === undefined) throw new Error("Nothing was bought");
  held.status = "Cancelled";
  return { ledger, account, stop };
}

const inShort = ({ role, side, orderType }: Order): string => `${role} ${side} ${orderType}`;

Deno.test("S3: a restart gives a position its recorded stop back before anything else leaves", async () => {
  const { ledger, account, stop } = await leftWithoutStop();
  const { outcome, broker, entries } = await run({ ledger, account, startMinute: 61 });
  strictEqual(outcome.outcome, "done");
  deepStrictEqual(broker.placed.map(inShort), ["stop SELL STP", "exit SELL MKT"]);
  const [again] = broker.placed;
  strictEqual(again?.auxPrice, stop.auxPrice);
  strictEqual(again?.quantity, stop.quantity);
  strictEqual(again?.tif, "GTC");
  strictEqual(again?.parentIntentId, null);
  const price = formatMicros(stop.auxPrice ?? 0n);
  deepStrictEqual(bodiesOf(entries, "incident").map(({ code, text }) => `${code}: ${text}`), [
    `unprotected: AAPL is held without a stop; its stop at ${price} is placed again`,
  ]);
  strictEqual(account.shares.size, 0);
});

Deno.test("S3: the stop that was placed again sells when the price falls through it", async () => {
  const { ledger, account } = await leftWithoutStop();
  const crash: Path = (symbol, now) => now > at(70) ? 80 : HILL(symbol, now);
  const { outcome, broker } = await run({ ledger, account, startMinute: 61, path: crash });
  strictEqual(outcome.outcome, "done");
  deepStrictEqual(broker.placed.map(inShort), ["stop SELL STP"]);
  strictEqual(account.shares.size, 0);
});

Deno.test("a stop that is cancelled by hand twice is not placed a third time: the position is closed", async () => {
  const { ledger, account } = await leftWithoutStop();
  const { outcome, entries } = await run({
    ledger,
    account,
    startMinute: 61,
    script: ({ clock, broker }) =>
      void clock.at(at(65), () => {
        const again = broker.placed.find(({ role }) => role === "stop");
        const held = again === undefined ? undefined : account.orders.get(again.intentId);
        ok(held !== undefined);
        broker.cancel(held.orderId);
      }),
  });
  strictEqual(outcome.outcome, "done");
  strictEqual(
    bodiesOf(entries, "incident").at(-1)?.text,
    "AAPL is held without a stop; it is closed: the stop placed again did not stay",
  );
  strictEqual(account.shares.size, 0);
});

Deno.test("S10: before the first price of the day the stop goes back, and the broker's own prices trigger it", async () => {
  const { ledger, account, stop } = await leftWithoutStop();
  const { broker, entries } = await run({
    ledger,
    account,
    startMinute: 61,
    path: () => 80,
  });
  const first = broker.placed[0];
  strictEqual(first === undefined ? "" : inShort(first), "stop SELL STP");
  strictEqual(first?.auxPrice, stop.auxPrice);
  strictEqual(account.shares.size, 0);
  strictEqual(bodiesOf(entries, "reconciled").at(-1)?.differences.length, 0);
});

const STOP = intent({
  intentId: "I2",
  orderRef: "rt-I2",
  side: "SELL",
  role: "stop",
  orderType: "STP",
  auxPrice: parseMicros("9.5"),
  parentIntentId: "I1",
});

/** What is done about 100 AAPL after these facts, at this price. */
function remedy(mark: number | null, ...bodies: readonly EntryBody[]): unknown {
  const intents = new Intents();
  for (const entry of entriesOf(...bodies)) intents.apply(entry);
  const position = { symbol: "AAPL", quantity: parseMicros("100") };
  return remedyFor(position, { intents, mark, sessionId: "2026-11-20-1" });
}

Deno.test("S10: remedyFor() sells at once, and says so, when the price is already beyond the stop", () => {
  deepStrictEqual(remedy(9.5, intent(), STOP), {
    action: "close",
    because: "its price 9.5 is already beyond the stop at 9.5",
  });
  const again = { action: "stop", stopPrice: parseMicros("9.5") };
  deepStrictEqual(remedy(9.51, intent(), STOP), again);
  deepStrictEqual(remedy(null, intent(), STOP), again);
});

Deno.test("remedyFor() closes what never had a stop, and what an exit left behind", () => {
  deepStrictEqual(remedy(10), { action: "close", because: "no stop of it is recorded" });
  const exit = intent({ intentId: "I3", orderRef: "rt-I3", side: "SELL", role: "exit" });
  deepStrictEqual(remedy(10, intent(), STOP, exit), {
    action: "close",
    because: "the order that should have closed it did not",
  });
});

Deno.test("remedyFor() waits for the fills of a stop the broker calls filled: a second one would sell short", () => {
  const { permId, orderId } = execution();
  const filled: EntryBody = {
    kind: "order-event",
    intentId: "I2",
    orderId,
    permId,
    symbol: "AAPL",
    status: "Filled",
    filled: parseMicros("100"),
    remaining: 0n,
    avgFillPrice: null,
    whyHeld: "",
    source: "status",
  };
  deepStrictEqual(remedy(10, intent(), STOP, filled), { action: "wait" });
});

Deno.test("remedyFor() does not wait for the fills of an exit that were told and taken back: nobody owes them", () => {
  const exit = intent({ intentId: "I3", orderRef: "rt-I3", side: "SELL", role: "exit" });
  const sold = { ...execution({ side: "SELL", orderRef: "rt-I3" }), execId: "e.1.01.01" };
  const { permId, orderId } = sold;
  const filled: EntryBody = {
    kind: "order-event",
    intentId: "I3",
    orderId,
    permId,
    symbol: "AAPL",
    status: "Filled",
    filled: parseMicros("100"),
    remaining: 0n,
    avgFillPrice: null,
    whyHeld: "",
    source: "status",
  };
  const booked = (execId: string, quantity: string): EntryBody => {
    const { clientId: _, cumQty: __, ...facts } = sold;
    const quote = { bid: null, ask: null, time: 0 };
    const shares = parseMicros(quantity);
    return { kind: "execution", ...facts, execId, quantity: shares, intentId: "I3", quote };
  };
  deepStrictEqual(
    remedy(10, intent(), STOP, exit, filled, booked("e.1.01.01", "100"), booked("e.1.01.02", "0")),
    { action: "close", because: "the order that should have closed it did not" },
  );
});

Deno.test("a stop that is larger than what is held is taken back, and the position gets one of its size", async () => {
  const { ledger, account, stop } = await leftWithoutStop();
  const held = account.orders.get(stop.intentId);
  ok(held !== undefined);
  // TWS left it as it was although only a part of its entry was bought: half the shares were sold by hand.
  held.status = "PreSubmitted";
  const half = (stop.quantity / 2_000_000n) * 1_000_000n;
  account.shares.set("AAPL", half);
  const { entries, broker } = await run({
    ledger,
    account,
    startMinute: 61,
    acceptDifferences: "sold by hand",
  });
  const [incident] = bodiesOf(entries, "incident").filter(({ code }) => code === "stop-too-large");
  match(incident?.text ?? "", /^AAPL has a stop of 19 for 9 held; it is cancelled$/);
  const [again] = broker.placed;
  deepStrictEqual([again?.role, again?.quantity], ["stop", half]);
});
