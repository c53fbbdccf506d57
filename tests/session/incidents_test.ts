import { deepStrictEqual, match, ok, strictEqual } from "node:assert/strict";
import { calendar } from "../../lib/calendar/calendar.ts";
import { VirtualClock } from "../../lib/clock.ts";
import type { Entry } from "../../lib/ledger/entry.ts";
import { MemoryLedger } from "../../lib/ledger/memory.ts";
import { foldPositions } from "../../lib/ledger/positions.ts";
import { bodiesOf } from "../../lib/ledger/select.ts";
import { openLedger } from "../../lib/ledger/sqlite.ts";
import { formatMicros, parseMicros } from "../../lib/money.ts";
import { Journal } from "../../lib/session/journal.ts";
import { summarise } from "../../lib/session/summary.ts";
import { todayAt } from "../../lib/session/today.ts";
import { chooseStrategy } from "../../lib/strategy/registry.ts";
import { ACCOUNT, entries as entriesOf, execution } from "./fixtures.ts";
import { MemoryAccount } from "./memory_broker.ts";
import { at, DAY, HILL, run } from "./run.ts";
import { FLAT, scripted, want } from "./scripted.ts";

/**
 * What happened for real to the users of an earlier system, each as a day on the broker in memory. The letters are
 * those of its list of incidents; rows that other tests cover carry their letter there.
 */

function roles(entries: readonly Entry[], role: string): number {
  return bodiesOf(entries, "intent").filter((intent) => intent.role === role).length;
}

Deno.test("O1: eight signals to buy one symbol at once make one order", async () => {
  const { entries, broker } = await run({
    path: FLAT,
    chosen: scripted((minute) => minute === 5 ? Array(8).fill(want("enter")) : []),
  });
  strictEqual(roles(entries, "entry"), 1);
  strictEqual(broker.placed.filter(({ role }) => role === "entry").length, 1);
  deepStrictEqual(
    bodiesOf(entries, "refused").map(({ code }) => code),
    Array(7).fill("ENTRY_WORKING"),
  );
});

Deno.test("O2: a restart between signal and fill sends no second order, though the signal repeats", async () => {
  const ledger = openLedger(":memory:");
  const account = new MemoryAccount();
  const always = scripted((minute, view) =>
    minute >= 5 && view.position("AAPL") === 0 ? [want("enter")] : []
  );
  const killed = await run({
    ledger,
    account,
    path: FLAT,
    chosen: always,
    script: ({ clock, broker, stop }) => {
      broker.fillsNothing = true;
      // What a session that is stopped would still say dies with a process that is killed.
      clock.at(at(5) + 1_000, () => broker.deaf = true);
      clock.at(at(5) + 1_001, () => stop.abort(new Error("as good as killed")));
    },
  });
  strictEqual(killed.outcome.outcome, "interrupted");
  const next = await run({ ledger, account, path: FLAT, chosen: always, startMinute: 7 });
  strictEqual(roles(next.entries, "entry"), 1);
  strictEqual([...account.orders.values()].filter(({ order }) => order.role === "entry").length, 1);
  ok(bodiesOf(next.entries, "refused").some(({ code }) => code === "ENTRY_WORKING"));
});

Deno.test("O5: what was sold is gone, and not sold again by the next session", async () => {
  const ledger = openLedger(":memory:");
  const account = new MemoryAccount();
  await run({ ledger, account, path: HILL });
  const sold = account.orders.size;
  const { outcome, entries } = await run({ ledger, account, path: FLAT, startMinute: 200 });
  strictEqual(outcome.outcome, "done");
  strictEqual(account.orders.size, sold);
  deepStrictEqual(foldPositions(entries).positions(), []);
});

Deno.test("O7: a buy soon after a sale is refused for the cooldown, in milliseconds", async () => {
  const { entries } = await run({
    path: FLAT,
    chosen: scripted((minute) =>
      minute === 5 || minute === 12 ? [want("enter")] : minute === 10 ? [want("exit")] : []
    ),
  });
  strictEqual(roles(entries, "entry"), 1);
  const [refused] = bodiesOf(entries, "refused");
  strictEqual(refused?.code, "COOLDOWN");
  ok(Number(refused?.value) < Number(refused?.limit));
});

Deno.test("O7: a short sale soon after a purchase that closed one is refused for the same cooldown", async () => {
  const short = { ...want("enter", 110), side: "SELL" as const };
  const cover = { ...want("exit"), side: "BUY" as const };
  const { entries } = await run({
    path: FLAT,
    toml: "[risk]\nallow_short = true",
    chosen: scripted((minute) =>
      minute === 5 || minute === 12 ? [short] : minute === 10 ? [cover] : []
    ),
  });
  deepStrictEqual(
    bodiesOf(entries, "intent").map(({ role, side }) => `${role} ${side}`),
    ["entry SELL", "stop BUY", "exit BUY"],
  );
  const [refused] = bodiesOf(entries, "refused");
  strictEqual(refused?.code, "COOLDOWN");
  ok(Number(refused?.value) < Number(refused?.limit));
});

Deno.test("R14: a signal that is blocked bar after bar is in the ledger once, and how often it came when it ends", async () => {
  const { entries, broker } = await run({
    path: FLAT,
    chosen: scripted((minute, view) => {
      if (minute === 10) return [want("exit")];
      return minute >= 5 && minute <= 60 && view.position("AAPL") === 0 ? [want("enter")] : [];
    }),
  });
  const told = entries.filter(({ body }) =>
    body.kind === "signal" || body.kind.startsWith("refus")
  );
  deepStrictEqual(told.map(({ body }) => body.kind), [
    "signal", // bought
    "signal", // sold
    "signal", // wanted again, in the cooldown
    "refused",
    "refusal-repeated",
    "signal", // and bought, when that was over
    "signal", // sold before the close
  ]);
  const [first] = bodiesOf(entries, "refused");
  const [again] = bodiesOf(entries, "refusal-repeated");
  deepStrictEqual([again?.signalId, again?.code], [first?.signalId, "COOLDOWN"]);
  // Sold just after its bar: of the ten bars that end within ten minutes of that, all but the first.
  strictEqual(again?.count, 9);
  ok(Number(again.value) > Number(first?.value), "the numbers are the last ones");
  strictEqual(broker.placed.filter(({ role }) => role === "entry").length, 2);
});

Deno.test("R14: blocked to the end of the day, it is counted at the end, and again once its reason is another one", async () => {
  const ledger = openLedger(":memory:");
  const { entries } = await run({
    ledger,
    path: FLAT,
    chosen: scripted((minute) => minute >= 5 ? [want("enter", 101)] : []),
    script: ({ clock }) => {
      const because = "enough for today";
      clock.at(
        at(30),
        () => ledger.append("operator", at(30), [{ kind: "halted", actor: "a", because }]),
      );
    },
  });
  const codes = bodiesOf(entries, "refused").map(({ code }) => code);
  deepStrictEqual(codes, ["STOP_WRONG_SIDE", "HALTED"]);
  const sessionId = entries.at(-1)?.sessionId ?? "";
  const repeated = bodiesOf(entries, "refusal-repeated");
  deepStrictEqual(repeated.map(({ code }) => code), codes);
  // The bars from the fifth minute to the last one before the close.
  strictEqual(repeated.reduce((sum, { count }) => sum + count, codes.length), 385);
  strictEqual(summarise(entries, sessionId).refused, 385);
});

Deno.test("D10: a strategy that needs more bars than there are fails at the start, with the numbers", async () => {
  const { outcome, broker } = await run({
    chosen: chooseStrategy("sma-crossover", { fast: 20, slow: 200, stop: "percent", stopPct: 5 }),
  });
  strictEqual(outcome.outcome, "failed");
  match(outcome.because, /the strategy needs 20\d bars of 1 min, but AAPL has 100/);
  deepStrictEqual(broker.placed, []);
});

Deno.test("R2: a stop that is not a number is refused, and nothing is sent", async () => {
  const { entries, broker } = await run({
    path: FLAT,
    chosen: scripted((minute) => minute === 5 ? [want("enter", Number.NaN)] : []),
  });
  deepStrictEqual(broker.placed, []);
  deepStrictEqual(bodiesOf(entries, "refused").map(({ code }) => code), ["STOP_MISSING"]);
  deepStrictEqual(
    bodiesOf(entries, "signal").map(({ stopPrice, reason }) => [stopPrice, reason.inputs]),
    [
      [null, { stopPrice: "NaN" }],
    ],
  );
});

Deno.test("R7: a halt cancels the entry that works, and keeps the stop of what is held", async () => {
  const ledger = openLedger(":memory:");
  const { broker } = await run({
    ledger,
    path: FLAT,
    symbols: ["AAPL", "SOFI"],
    toml: 'at_close = "hold"',
    chosen: {
      ...scripted(() => []),
      create: () => ({
        warmupBars: 0,
        init: () => {},
        warmUp: () => {},
        next: ({ symbol }, { now }) =>
          now === at(symbol === "AAPL" ? 5 : 20) ? [{ ...want("enter"), symbol }] : [],
      }),
    },
    script: ({ clock, broker }) => {
      clock.at(at(15), () => broker.fillsNothing = true);
      const because = "emergency stop";
      clock.at(
        at(25),
        () => ledger.append("operator", at(25), [{ kind: "halted", actor: "a", because }]),
      );
    },
  });
  const states = [...broker.account.orders.values()].map(({ order, status }) =>
    `${order.symbol} ${order.role} ${status}`
  );
  deepStrictEqual(states.sort(), [
    "AAPL entry Filled",
    "AAPL stop PreSubmitted",
    "SOFI entry Cancelled",
    "SOFI stop Cancelled",
  ]);
});

Deno.test("S3: a position whose stop vanished while nobody ran is closed, and a person told", async () => {
  const ledger = openLedger(":memory:");
  const account = new MemoryAccount();
  await run({
    ledger,
    account,
    script: ({ clock, stop }) => void clock.at(at(60), () => stop.abort(new Error("killed"))),
  });
  for (const held of account.orders.values()) {
    if (held.order.role === "stop") held.status = "Cancelled";
  }
  const { entries } = await run({ ledger, account, startMinute: 61 });
  strictEqual(account.shares.size, 0);
  const [unprotected] = entries.filter(({ body }) =>
    body.kind === "incident" && body.code === "unprotected"
  );
  ok(unprotected !== undefined && unprotected.at < at(63));
  const entered = entries.filter(({ body }) => body.kind === "intent" && body.role === "entry");
  ok(entered.every((entry) => entry.at < at(60) || entry.at > unprotected.at));
});

Deno.test("L3: after a restart cash, profit, the day's start and its counters go on where they were", async () => {
  const ledger = new MemoryLedger();
  await run({ ledger });
  const journal = (): Journal =>
    new Journal({ ledger, clock: new VirtualClock(0), sessionId: "s" });
  const { books, day } = journal();
  strictEqual(formatMicros(day.startEquity ?? 0n), "100000");
  ok(day.entryNotional > 0n && day.lastTrade.size === 2);
  ok(books.realizedGross !== 0n && books.commissions > 0n);
  strictEqual(books.cash, parseMicros("100000") + books.realizedGross - books.commissions);
});

Deno.test("L11: three thousand trades are all counted", () => {
  const trades = Array.from({ length: 3_000 }, (_, index) => {
    const { clientId: _c, cumQty: _q, ...facts } = execution({
      execId: `0000e0d5.${index}.01.01`,
      side: index % 2 === 0 ? "BUY" : "SELL",
      price: parseMicros(index % 2 === 0 ? "10.01" : "10.02"),
    });
    const quote = { bid: null, ask: null, time: 0 };
    return { kind: "execution" as const, ...facts, intentId: null, quote };
  });
  const cash = parseMicros("100000");
  const books = foldPositions(entriesOf(
    {
      kind: "account-snapshot",
      at: "start",
      account: ACCOUNT,
      cash,
      netLiquidation: cash,
      positions: [],
    },
    ...trades,
  ));
  strictEqual(books.fills, 3_000);
  strictEqual(formatMicros(books.realizedGross), "1500");
});

Deno.test("T1: at 16:00:00 in New York the session is over, a millisecond before it is not", () => {
  const xnys = calendar("XNYS");
  strictEqual(todayAt(DAY.closesAt - 1, xnys).trading, true);
  strictEqual(todayAt(DAY.closesAt, xnys).trading, false);
});
