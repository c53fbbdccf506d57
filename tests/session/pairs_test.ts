import { deepStrictEqual, match, ok, rejects, strictEqual } from "node:assert/strict";
import { VirtualClock } from "../../lib/clock.ts";
import type { Entry, SessionState } from "../../lib/ledger/entry.ts";
import type { Ledger } from "../../lib/ledger/ledger.ts";
import { MemoryLedger } from "../../lib/ledger/memory.ts";
import { bodiesOf } from "../../lib/ledger/select.ts";
import { dying, KilledError } from "./dying_ledger.ts";
import { openLedger } from "../../lib/ledger/sqlite.ts";
import { parseMicros } from "../../lib/money.ts";
import { OrderDesk } from "../../lib/session/desk.ts";
import { Journal } from "../../lib/session/journal.ts";
import { PairKeeper } from "../../lib/session/pair_keeper.ts";
import { MAY } from "../../lib/session/state.ts";
import type { ChosenStrategy } from "../../lib/strategy/registry.ts";
import type { Signal, Strategy } from "../../lib/strategy/strategy.ts";
import { execution, intent } from "./fixtures.ts";
import { MemoryAccount, type MemoryBroker } from "./memory_broker.ts";
import { at, DAY, MINUTE, run } from "./run.ts";
import { FLAT } from "./scripted.ts";

/** O13: both legs of a pair or none. What dies in between leaves no naked leg behind. */

const TOML = "[risk]\nallow_short = true\nmax_sector_pct = 100\n";
const SYMBOLS = ["AAPL", "SOFI"];

/** Buys AAPL and sells SOFI short at the fifth minute, as one group, and never asks about them again. */
const PAIR: ChosenStrategy = {
  name: "pair",
  summary: "",
  barMs: MINUTE,
  parameters: {},
  create: (): Strategy => ({
    warmupBars: 0,
    init: () => {},
    warmUp: () => {},
    next: ({ symbol }, { now }) =>
      symbol === "SOFI" && now - DAY.opensAt === 5 * MINUTE
        ? [leg("AAPL", "BUY", 95), leg("SOFI", "SELL", 105)]
        : [],
  }),
};

function leg(symbol: string, side: Signal["side"], stopPrice: number): Signal {
  const reason = { rule: "script", text: "The script says so", inputs: {} };
  return { symbol, side, purpose: "enter", stopPrice, reason, group: "pair" };
}

interface Told {
  readonly entries: readonly Entry[];
  readonly broker: MemoryBroker;
}

type Script = NonNullable<NonNullable<Parameters<typeof run>[0]>["script"]>;

async function trade(script: Script, rest: Parameters<typeof run>[0] = {}): Promise<Told> {
  const day = { path: FLAT, symbols: SYMBOLS, toml: TOML, chosen: PAIR, script, ...rest };
  const { outcome, entries, broker } = await run(day);
  strictEqual(outcome.outcome, "done");
  strictEqual(broker.account.shares.size, 0, "nothing is held over night");
  deepStrictEqual(bodiesOf(entries, "reconciled").at(-1)?.differences, []);
  return { entries, broker };
}

/** When the exit that closes a broken pair was wanted, minutes after the open. */
function unwoundAt(entries: readonly Entry[], symbol: string): number | null {
  const exit = entries.find(({ body }) =>
    body.kind === "signal" && body.symbol === symbol && body.reason.rule === "pair-broken"
  );
  return exit === undefined ? null : (exit.at - DAY.opensAt) / MINUTE;
}

function fillEntry(broker: MemoryBroker | null, symbol: string): void {
  const held = [...broker?.account.orders.values() ?? []].find(({ order }) =>
    order.symbol === symbol && order.role === "entry"
  );
  if (broker === null || held === undefined) throw new Error(`No entry of ${symbol}`);
  broker.fill(held.orderId);
}

/** A ledger whose process dies when the orders of this symbol are to be written. */
const dyingBefore = (inner: Ledger, symbol: string): Ledger =>
  dying(inner, (bodies) => bodies.some((body) => body.kind === "intent" && body.symbol === symbol));

const incidents = (entries: readonly Entry[]): string[] =>
  bodiesOf(entries, "incident").map(({ code, text }) => `${code}: ${text}`);

Deno.test("a pair of which both legs fill is left alone", async () => {
  const { entries, broker } = await trade(() => {});
  deepStrictEqual(incidents(entries), []);
  strictEqual(broker.placed.filter(({ role }) => role === "entry").length, 2);
  const groups = bodiesOf(entries, "signal").map(({ group }) => group);
  const name = `pair SOFI ${at(5)}`;
  deepStrictEqual(groups, [name, name, null, null]);
});

Deno.test("O13: the second leg is rejected (201): the first is closed at once, its stop cancelled before", async () => {
  const { entries, broker } = await trade(({ broker }) => void broker.rejects.add("SOFI"));
  const [rejected, broken] = incidents(entries);
  match(rejected ?? "", /^order-rejected: entry SELL \d+ SOFI rejected: 201/);
  match(broken ?? "", /^pair-broken: AAPL and SOFI were to be held .*SOFI was rejected: 201 Order/);
  ok((unwoundAt(entries, "AAPL") ?? 99) < 5.1);
  deepStrictEqual(
    broker.placed.map(({ role, symbol }) => `${role} ${symbol}`),
    ["entry AAPL", "stop AAPL", "entry SOFI", "stop SOFI", "exit AAPL"],
  );
});

Deno.test("O13: the first leg is rejected: the second, filled or on its way, is closed or called back", async () => {
  const filled = await trade(({ broker }) => void broker.rejects.add("AAPL"));
  ok((unwoundAt(filled.entries, "SOFI") ?? 99) < 5.1);
  const waiting = await trade(({ broker }) => {
    broker.rejects.add("AAPL");
    broker.unfilled.add("SOFI");
  });
  strictEqual(unwoundAt(waiting.entries, "SOFI"), null);
  const entry = [...waiting.broker.account.orders.values()].find(({ order }) =>
    order.symbol === "SOFI" && order.role === "entry"
  );
  strictEqual(entry?.status, "Cancelled");
});

Deno.test("O13: a leg that does not fill within the grace: it is called back and the other one closed", async () => {
  const { entries, broker } = await trade(({ broker }) => void broker.unfilled.add("SOFI"));
  const minute = unwoundAt(entries, "AAPL") ?? 0;
  ok(minute > 6 && minute < 6.2, String(minute));
  match(incidents(entries).join(), /SOFI is not filled after 60000 ms/);
  ok([...broker.account.orders.values()].every(({ status }) => status !== "Submitted"));
});

Deno.test("O13: the leg that was called back fills all the same: it is closed as well", async () => {
  const { entries } = await trade(({ clock, broker }) => {
    broker.unfilled.add("SOFI");
    // The grace is over with the look of 6:02; the cancel takes 50 ms.
    clock.at(at(6) + 2_020, () => fillEntry(broker, "SOFI"));
  });
  ok(unwoundAt(entries, "AAPL") !== null && unwoundAt(entries, "SOFI") !== null);
});

Deno.test("O13: killed between the two legs: the next session closes the one that is there", async () => {
  const ledger = openLedger(":memory:");
  const account = new MemoryAccount();
  let first: MemoryBroker | null = null;
  const killed = run({
    ledger: dyingBefore(ledger, "SOFI"),
    account,
    path: FLAT,
    symbols: SYMBOLS,
    toml: TOML,
    chosen: PAIR,
    script: ({ broker }) => void (first = broker),
  });
  await rejects(killed, KilledError);
  const sent = [...account.orders.values()];
  deepStrictEqual(sent.map(({ order }) => `${order.role} ${order.symbol}`), [
    "entry AAPL",
    "stop AAPL",
  ]);
  fillEntry(first, "AAPL");
  const { entries } = await trade(() => {}, { ledger, account, startMinute: 8 });
  ok((unwoundAt(entries, "AAPL") ?? 99) < 8.1);
  match(incidents(entries).join(), /SOFI was never ordered/);
});

Deno.test("O13: killed after a leg was rejected, before anything was done about it: the next session does it", async () => {
  const ledger = openLedger(":memory:");
  const account = new MemoryAccount();
  const day = { ledger, account, path: FLAT, symbols: SYMBOLS, toml: TOML, chosen: PAIR };
  await run({
    ...day,
    script: ({ clock, broker, stop }) => {
      broker.rejects.add("SOFI");
      clock.at(at(5) + 20, () => broker.muteOrders = true);
      clock.at(at(5) + 2_000, () => stop.abort(new Error("as good as killed")));
    },
  });
  strictEqual(account.shares.size, 1);
  const { entries } = await trade(() => {}, { ledger, account, startMinute: 8 });
  ok((unwoundAt(entries, "AAPL") ?? 99) < 8.1);
});

Deno.test("a pair of yesterday, long over, moves nothing in the next session", async () => {
  const ledger = openLedger(":memory:");
  const account = new MemoryAccount();
  await trade(({ broker }) => void broker.rejects.add("SOFI"), { ledger, account });
  const before = account.orders.size;
  const silent: ChosenStrategy = {
    ...PAIR,
    create: () => ({ warmupBars: 0, init: () => {}, warmUp: () => {}, next: () => [] }),
  };
  const day = { ledger, account, chosen: silent, startMinute: 60 };
  const { entries } = await trade(() => {}, day);
  strictEqual(account.orders.size, before);
  strictEqual(bodiesOf(entries, "incident").filter(({ code }) => code === "pair-broken").length, 1);
});

Deno.test("O13: the other leg fails while TWS has lost IBKR: the first is closed once the line is back", async () => {
  const { entries } = await trade(({ clock, broker }) => {
    broker.rejects.add("SOFI");
    clock.at(
      at(5) + 500,
      () => broker.emit({ type: "connection", state: "upstream-lost", detail: "1100" }),
    );
    clock.at(at(10), () => broker.emit({ type: "connection", state: "ready", detail: "1102" }));
  });
  const exit = entries.find(({ body }) => body.kind === "intent" && body.role === "exit");
  ok((exit?.at ?? 0) >= at(10) && (exit?.at ?? 0) < at(10.2), String(exit?.at));
});

Deno.test("O13: a naked leg that may not leave in this state is an incident, once, and is closed when it may", () => {
  const clock = new VirtualClock(at(6));
  const ledger = new MemoryLedger();
  const journal = new Journal({ ledger, clock, sessionId: "s" });
  const desk = new OrderDesk(journal, () => ({ bid: null, ask: null, time: 0 }));
  let state: SessionState = "waiting-for-open";
  const closed: Signal[] = [];
  const keeper = new PairKeeper({
    rules: { limits: { pairGraceMs: 60_000 } },
    clock,
    journal,
    desk,
    may: () => MAY[state],
    mayLeave: () => true,
    isLeaving: () => false,
    close: (signal) => void closed.push(signal),
  });
  const { reason, ...said } = leg("AAPL", "BUY", 95);
  const quote = { bid: null, ask: null, time: 0 };
  const signal = { kind: "signal", strategy: "s", ...said, reason, quote, group: "g" } as const;
  const { clientId: _c, cumQty: _q, ...fill } = execution();
  const cash = parseMicros("100000");
  const account = { account: "DU1", cash, netLiquidation: cash, positions: [] } as const;
  journal.write(
    { kind: "account-snapshot", at: "start", ...account },
    { ...signal, signalId: "S1" },
    { ...signal, signalId: "S2", symbol: "SOFI", side: "SELL" },
    intent(),
    { kind: "execution", ...fill, intentId: "I1", quote },
  );
  keeper.proceed();
  keeper.proceed();
  const told = bodiesOf([...ledger.read()], "incident").map(({ code }) => code);
  deepStrictEqual(told, ["pair-broken", "naked-leg"]);
  deepStrictEqual(closed, []);
  state = "trading";
  keeper.proceed();
  deepStrictEqual(closed.map(({ symbol, side, group }) => `${side} ${symbol} ${group}`), [
    "SELL AAPL g",
  ]);
});
