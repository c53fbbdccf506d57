import { deepStrictEqual, ok, rejects, strictEqual } from "node:assert/strict";
import type { BrokerEvent } from "../../lib/broker/broker.ts";
import { PaperBroker } from "../../lib/broker/paper.ts";
import type { Bar } from "../../lib/market/market.ts";
import { formatMicros, parseMicros } from "../../lib/money.ts";
import type { Order } from "../../lib/orders/order.ts";
import { plan, type PlanStyle } from "../../lib/orders/plan.ts";
import { tighten } from "../../lib/orders/tighten.ts";
import { review } from "../../lib/risk/review.ts";
import { reviewTighten } from "../../lib/risk/tighten.ts";
import { approval, book, enter, exit, holding, instrument, limits } from "../risk/fixtures.ts";

const MINUTE = 60_000;

function bar(index: number, prices: Partial<Bar> = {}): Bar {
  return {
    symbol: "AAPL",
    time: index * MINUTE,
    durationMs: MINUTE,
    open: 100,
    high: 101,
    low: 99,
    close: 100,
    volume: 1_000,
    wap: 100,
    count: 10,
    ...prices,
  };
}

let made = 0;
const STYLE: PlanStyle = {
  entryType: "MKT",
  exitType: "MKT",
  stopTif: "GTC",
  deadlineAfterMs: 0,
  now: 0,
  ids: () => `ID${++made}`,
};

/** Buys 49 shares with a stop at 98. */
function entry(): readonly Order[] {
  return plan(approval(review([enter("AAPL")], limits(), book())), STYLE);
}

function leave(shares: string): readonly Order[] {
  const positions = holding("AAPL", shares);
  return plan(approval(review([exit("AAPL")], limits(), book({ positions }))), STYLE);
}

function broker(): { readonly paper: PaperBroker; readonly heard: string[] } {
  const paper = new PaperBroker({
    account: "DU1",
    cash: parseMicros("100000"),
    instruments: [instrument("AAPL")],
    commission: () => parseMicros("1"),
  });
  const heard: string[] = [];
  paper.listen((event) => heard.push(told(event)));
  return { paper, heard };
}

function told(event: BrokerEvent): string {
  if (event.type === "order-status") return `${event.orderId} ${event.status}`;
  if (event.type === "execution") {
    const { orderId, side, quantity, price } = event.execution;
    return `${orderId} ${side} ${formatMicros(quantity)} at ${formatMicros(price)}`;
  }
  return event.type;
}

function placeAll(paper: PaperBroker, orders: readonly Order[]): void {
  for (const order of orders) paper.place(order);
}

Deno.test("PaperBroker fills an entry at the next bar's open and keeps its stop until reached", () => {
  const { paper, heard } = broker();
  paper.match(bar(0));
  placeAll(paper, entry());
  paper.match(bar(1, { open: 100.5 }));
  paper.match(bar(2, { low: 97 }));
  paper.deliver();
  deepStrictEqual(heard, [
    "1 Submitted",
    "2 PreSubmitted",
    "1 BUY 49 at 100.5",
    "1 Filled",
    "commission",
    "2 SELL 49 at 98",
    "2 Filled",
    "commission",
  ]);
  strictEqual(
    formatMicros(paper.account.cash),
    formatMicros(parseMicros("100000") - 49n * 2_500_000n - 2_000_000n),
  );
  deepStrictEqual(paper.held(), []);
});

Deno.test("PaperBroker never fills an order from the bar it was decided on", () => {
  const { paper } = broker();
  paper.match(bar(1));
  placeAll(paper, entry());
  paper.match(bar(1));
  paper.match(bar(0));
  strictEqual(paper.account.quantity("AAPL"), 0n);
});

Deno.test("PaperBroker tells nothing within the call that caused it", () => {
  const { paper, heard } = broker();
  placeAll(paper, entry());
  paper.match(bar(1));
  deepStrictEqual(heard, []);
  strictEqual(paper.hasNews, true);
  paper.deliver();
  strictEqual(paper.hasNews, false);
});

Deno.test("PaperBroker cancels the waiting stop with its entry, and only once", () => {
  const { paper, heard } = broker();
  placeAll(paper, entry());
  paper.cancel(1);
  paper.cancel(1);
  paper.match(bar(1));
  paper.deliver();
  deepStrictEqual(heard, ["1 Submitted", "2 PreSubmitted", "1 Cancelled", "2 Cancelled"]);
});

Deno.test("PaperBroker ends orders for the day at its close, and keeps what is good till cancelled", async () => {
  const { paper } = broker();
  placeAll(paper, entry());
  paper.match(bar(1));
  placeAll(paper, leave("49"));
  paper.endDay();
  const open = await paper.openOrders();
  deepStrictEqual(open.map(({ orderType, status }) => `${orderType} ${status}`), [
    "STP PreSubmitted",
  ]);
  const done = await paper.completedOrders();
  deepStrictEqual(done.map(({ orderId, status }) => `${orderId} ${status}`), [
    "1 Filled",
    "3 Cancelled",
  ]);
});

Deno.test("PaperBroker reports positions at average cost and equity at the last close", async () => {
  const { paper } = broker();
  placeAll(paper, entry());
  paper.match(bar(1, { open: 100.5, close: 102 }));
  const [position] = await paper.positions();
  strictEqual(formatMicros(position?.avgCost ?? 0n), "100.5");
  strictEqual(formatMicros(position?.quantity ?? 0n), "49");
  const { values } = await paper.accountValues("DU1");
  strictEqual(values.get("TotalCashValue"), "95074.5");
  strictEqual(values.get("NetLiquidation"), "100072.5");
  strictEqual(paper.account.roughEquity, 100_072.5);
});

Deno.test("PaperBroker says that it has no history instead of giving an empty one", async () => {
  await rejects(broker().paper.history(), /the paper broker keeps no bars/);
});

Deno.test("a stop that is moved after a bar is in force from the next one on, and shows its new price", async () => {
  const { paper, heard } = broker();
  const [order, stop] = entry();
  if (order === undefined || stop === undefined) throw new Error("No bracket");
  paper.place(order);
  const { orderId } = paper.place(stop);
  paper.match(bar(1));
  const wish = {
    intentId: stop.intentId,
    symbol: "AAPL",
    side: "SELL",
    from: parseMicros("98"),
  } as const;
  const proof = reviewTighten({ ...wish, to: parseMicros("99.5") }, limits(), book());
  if (proof.outcome === "refused") throw new Error(proof.code);
  paper.change(tighten(proof, { ...stop, orderId }));
  strictEqual((await paper.openOrders())[0]?.auxPrice, parseMicros("99.5"));
  paper.match(bar(2, { low: 99.6 }));
  strictEqual(paper.held().length, 1);
  paper.match(bar(3, { low: 99.4 }));
  strictEqual(paper.held().length, 0);
  paper.deliver();
  ok(heard.some((text) => text.startsWith("open-order")), heard.join());
});
