import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import { VirtualClock } from "../../lib/clock.ts";
import type { Entry, EntryBody, IntentRecorded } from "../../lib/ledger/entry.ts";
import type { Ledger } from "../../lib/ledger/ledger.ts";
import { MemoryLedger } from "../../lib/ledger/memory.ts";
import { bodiesOf } from "../../lib/ledger/select.ts";
import { openLedger } from "../../lib/ledger/sqlite.ts";
import { formatMicros, parseMicros } from "../../lib/money.ts";
import { OrderDesk } from "../../lib/session/desk.ts";
import { Journal } from "../../lib/session/journal.ts";
import { MarketView } from "../../lib/session/market_view.ts";
import { riskToday } from "../../lib/session/risk_today.ts";
import { Stops } from "../../lib/session/stops.ts";
import { limits } from "../risk/fixtures.ts";
import { ACCOUNT, entries as entriesOf, execution, intent } from "./fixtures.ts";
import { MemoryAccount, MemoryBroker, type Path } from "./memory_broker.ts";
import { barAt, stock } from "./memory_market.ts";
import { at, DAY, MINUTE, run } from "./run.ts";
import { scripted, want } from "./scripted.ts";

/** A stop is on its way to another price, and something dies. It ends at the tighter price, as one order. */

const TOML = '[risk]\nstop_rule = "break-even"\n';

/** 100 until the tenth minute, a tenth of a dollar more each minute, and still from the 60th: 102 at the 30th. */
const RISE: Path = (_, now) => {
  const minute = (now - DAY.opensAt) / MINUTE;
  return 100 + 0.1 * Math.max(0, Math.min(50, minute - 10));
};
const BUYER = scripted((minute) => minute === 5 ? [want("enter", 98)] : []);

type Script = NonNullable<NonNullable<Parameters<typeof run>[0]>["script"]>;

interface Left {
  readonly ledger: Ledger;
  readonly account: MemoryAccount;
  readonly entries: readonly Entry[];
}

async function killed(script: Script): Promise<Left> {
  const ledger = openLedger(":memory:");
  const account = new MemoryAccount();
  const { entries } = await run({ ledger, account, path: RISE, toml: TOML, chosen: BUYER, script });
  return { ledger, account, entries };
}

const moves = (entries: readonly Entry[]): string[] =>
  bodiesOf(entries, "order-changed").map(({ rule, auxPrice }) =>
    `${rule} ${formatMicros(auxPrice ?? 0n)}`
  );

/** `98 Filled` for each stop the broker ever had. */
const stopsOf = ({ orders }: MemoryAccount): string[] =>
  [...orders.values()].filter(({ order }) => order.role === "stop")
    .map(({ order }) => formatMicros(order.auxPrice ?? 0n));

/** The day goes on after the death, and falls through 100 in its 200th minute. */
async function goOn({ ledger, account }: Left): Promise<readonly Entry[]> {
  const path: Path = (symbol, now) => now > at(200) ? 99 : RISE(symbol, now);
  const day = { ledger, account, path, toml: TOML, chosen: BUYER, startMinute: 42 };
  const { outcome, entries } = await run(day);
  strictEqual(outcome.outcome, "done");
  strictEqual(account.shares.size, 0);
  const sale = bodiesOf(entries, "execution").at(-1);
  deepStrictEqual([sale?.side, formatMicros(sale?.price ?? 0n)], ["SELL", "99"]);
  return entries;
}

Deno.test("killed between the ledger and the wire: the broker has the old stop, the restart finds that and moves it", async () => {
  const left = await killed(({ clock, broker, stop }) => {
    clock.at(at(25), () => broker.deaf = true);
    clock.at(at(35), () => stop.abort(new Error("as good as killed")));
  });
  deepStrictEqual(moves(left.entries)[0], "break-even 100");
  deepStrictEqual(stopsOf(left.account), ["98"]);
  const entries = await goOn(left);
  deepStrictEqual(moves(entries).slice(-2), ["broker 98", "again 100"]);
  deepStrictEqual(stopsOf(left.account), ["100"]);
});

Deno.test("killed after the wire, before any answer: the broker has the new stop and nothing is sent again", async () => {
  const left = await killed(({ clock, broker, stop }) => {
    clock.at(at(25), () => broker.muteOrders = true);
    clock.at(at(31), () => stop.abort(new Error("as good as killed")));
  });
  deepStrictEqual(stopsOf(left.account), ["100"]);
  const entries = await goOn(left);
  deepStrictEqual(moves(entries), ["break-even 100"]);
  deepStrictEqual(stopsOf(left.account), ["100"]);
});

Deno.test("the link breaks with the change on its way: lost or not, the stop ends where it was to be", async () => {
  for (const isLost of [true, false]) {
    const left = await killed(({ clock, broker }) => {
      clock.at(at(25), () => broker.deaf = isLost);
      clock.at(at(25), () => broker.muteOrders = true);
      clock.at(at(30) + 20_000, () => broker.breakLink());
    });
    deepStrictEqual(
      moves(left.entries),
      isLost ? ["break-even 100", "broker 98", "again 100"] : ["break-even 100"],
    );
    deepStrictEqual(stopsOf(left.account), ["100"]);
  }
});

Deno.test("a stop that vanished while nobody ran is placed again where it was last to be", async () => {
  const left = await killed(({ clock, stop }) =>
    void clock.at(at(41), () => stop.abort(new Error("as good as killed")))
  );
  for (const held of left.account.orders.values()) {
    if (held.order.role === "stop") held.status = "Cancelled";
  }
  const entries = await goOn(left);
  deepStrictEqual(stopsOf(left.account), ["100", "100"]);
  ok(
    bodiesOf(entries, "incident").some(({ text }) =>
      text === "AAPL is held without a stop; its stop at 100 is placed again"
    ),
  );
});

/** How long after the stop had ended its successor was sent, ms. */
function bareMs(entries: readonly Entry[]): number {
  const ended = entries.find(({ body }) =>
    body.kind === "order-event" && body.orderId === 2 && body.status === "Cancelled"
  );
  const again = entries.filter(({ body }) => body.kind === "intent" && body.role === "stop").at(1);
  return (again?.at ?? Infinity) - (ended?.at ?? 0);
}

Deno.test("a stop that a person takes back at TWS is there again at once, not with the next minute", async () => {
  const { entries, account } = await killed(({ clock, broker }) =>
    void clock.at(at(30) + 5_000, () => broker.cancel(2))
  );
  strictEqual(bareMs(entries), 0);
  deepStrictEqual(stopsOf(account), ["100", "100"]);
  strictEqual(account.shares.size, 0);
});

Deno.test("TWS refuses to move a stop as its group may not be revised (10326) and cancels it: it is there again at once, where it was to be", async () => {
  const { entries, account } = await killed(({ clock, broker }) => {
    broker.change = ({ orderId }) => {
      const text = "OCA group revision is not allowed";
      clock.at(
        clock.now() + 1,
        () => broker.emit({ type: "order-message", orderId, code: 10326, text }),
      );
      broker.cancel(orderId);
    };
  });
  deepStrictEqual(moves(entries), ["break-even 100"]);
  strictEqual(bareMs(entries), 0);
  deepStrictEqual(stopsOf(account), ["98", "100"]);
});

Deno.test("a stop that TWS rejects after its entry was bought is there again at once; one that is rejected again means the way out", async () => {
  const { entries, account } = await killed(({ clock, broker }) => {
    const { place } = broker;
    broker.place = (order) => {
      const placed = place.call(broker, order);
      if (order.role !== "stop") return placed;
      const { orderId } = placed;
      const text = "Order rejected - reason:no stops today";
      clock.at(clock.now() + 5_000, () => {
        broker.emit({ type: "order-message", orderId, code: 201, text });
        const held = [...broker.account.orders.values()].find((one) => one.orderId === orderId);
        if (held !== undefined) held.status = "Inactive";
        broker.show(orderId);
      });
      return placed;
    };
  });
  const roles = entries.filter(({ body }) => body.kind === "intent");
  deepStrictEqual(roles.map(({ body }) => body.kind === "intent" && body.role), [
    "entry",
    "stop",
    "stop",
    "exit",
  ]);
  ok((roles[3]?.at ?? Infinity) < at(5) + 11_000, "not a minute later");
  strictEqual(account.shares.size, 0);
});

Deno.test("a stop that was placed again follows on, measured by the entry it protects", async () => {
  const ledger = openLedger(":memory:");
  const account = new MemoryAccount();
  const day = {
    ledger,
    account,
    path: RISE,
    toml: '[risk]\nstop_rule = "trailing"\n',
    chosen: BUYER,
  };
  await run({
    ...day,
    script: ({ clock, stop }) => void clock.at(at(41), () => stop.abort(new Error("killed"))),
  });
  for (const held of account.orders.values()) {
    if (held.order.role === "stop") held.status = "Cancelled";
  }
  const { entries } = await run({ ...day, startMinute: 42 });
  // To less than a step of 20 cents behind the best close, 105, less R.
  deepStrictEqual(stopsOf(account), ["101", "102.9"]);
  strictEqual(moves(entries).at(-1), "trailing 102.9");
});

/** Two slices of one position, each with its own stop. */
function slice(nth: number, price: string): readonly EntryBody[] {
  const entry = intent({ intentId: `E${nth}`, orderRef: `rt-E${nth}` });
  const stop: IntentRecorded = {
    ...entry,
    intentId: `S${nth}`,
    orderRef: `rt-S${nth}`,
    side: "SELL",
    role: "stop",
    orderType: "STP",
    lmtPrice: null,
    auxPrice: parseMicros("98"),
    parentIntentId: `E${nth}`,
  };
  const { clientId: _c, cumQty: _q, ...fill } = execution({
    execId: `0000e0d5.000${nth}.01.01`,
    orderRef: entry.orderRef,
    price: parseMicros(price),
  });
  const quote = { bid: null, ask: null, time: 0 };
  return [entry, stop, { kind: "execution", ...fill, intentId: entry.intentId, quote }];
}

function sent(nth: number): readonly EntryBody[] {
  const orderId = 10 + nth;
  return [{ kind: "order-sent", intentId: `S${nth}`, orderId }, {
    kind: "order-event",
    intentId: `S${nth}`,
    orderId,
    permId: 100 + nth,
    symbol: "AAPL",
    status: "PreSubmitted",
    filled: 0n,
    remaining: parseMicros("100"),
    avgFillPrice: null,
    whyHeld: "trigger",
    source: "status",
  }];
}

const CASH = parseMicros("100000");
const START: EntryBody = {
  kind: "account-snapshot",
  at: "start",
  account: ACCOUNT,
  cash: CASH,
  netLiquidation: CASH,
  positions: [],
};

Deno.test("a position that was bought in slices has a stop for each, and each follows from its own price", () => {
  const clock = new VirtualClock(at(20));
  const ledger = new MemoryLedger();
  const journal = new Journal({ ledger, clock, sessionId: "s" });
  const market = new MarketView({ barMs: MINUTE, opensAt: DAY.opensAt, outlierPct: 20 });
  const desk = new OrderDesk(journal, (symbol) => market.seen(symbol));
  const world = { clock, path: RISE, opensAt: DAY.opensAt, closesAt: DAY.closesAt };
  const broker = new MemoryBroker(world);
  desk.broker = broker;
  journal.write(START, ...slice(1, "100"), ...slice(2, "101"), ...sent(1), ...sent(2));
  const rest = { bidSize: 1, askSize: 1, last: 105, lastSize: 1, volume: 1, time: at(20) };
  market.quotes.set("AAPL", { symbol: "AAPL", bid: 104.99, ask: 105.01, kind: "live", ...rest });
  const stops = new Stops({
    rules: { limits: limits({ stopRule: "trailing" }), orderDeadlineMs: 10_000 },
    clock,
    journal,
    desk,
    market,
    instruments: () => new Map([["AAPL", stock("AAPL")]]),
    mayLeave: () => true,
  });
  const bar = barAt("AAPL", { time: at(19), durationMs: MINUTE, price: 105 });
  stops.onBar(bar);
  const said = broker.changes.map(({ orderId, order }) =>
    `${orderId} ${order.intentId} ${formatMicros(order.auxPrice ?? 0n)}`
  );
  deepStrictEqual(said, ["11 S1 103", "12 S2 102"]);
  // Not answered yet: another bar sends nothing on top.
  market.quotes.set("AAPL", { symbol: "AAPL", bid: 106.99, ask: 107.01, kind: "live", ...rest });
  stops.onBar({ ...bar, close: 107 });
  strictEqual(broker.changes.length, 2);
});

Deno.test("risk counts what a position can lose to where its stop stands now", () => {
  const change: EntryBody = {
    kind: "order-changed",
    intentId: "S1",
    symbol: "AAPL",
    lmtPrice: null,
    auxPrice: parseMicros("99.5"),
    rule: "trailing",
    because: "",
  };
  const stopPrice = (...bodies: readonly EntryBody[]): string => {
    const days = { now: at(20), date: "2026-11-20", outlierPct: 20 };
    const { book } = riskToday(entriesOf(START, ...slice(1, "100"), ...bodies), days);
    return formatMicros(book.positions.get("AAPL")?.stopPrice ?? 0n);
  };
  strictEqual(stopPrice(), "98");
  strictEqual(stopPrice(change), "99.5");
});
