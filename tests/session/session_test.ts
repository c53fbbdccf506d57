import {
  deepStrictEqual as deepEqual,
  match,
  ok,
  strictEqual,
  strictEqual as equal,
} from "node:assert/strict";
import { bodiesOf } from "../../lib/ledger/select.ts";
import { openLedger } from "../../lib/ledger/sqlite.ts";
import { formatMicros } from "../../lib/money.ts";
import { chooseStrategy } from "../../lib/strategy/registry.ts";
import { MemoryAccount, type Path } from "./memory_broker.ts";
import { at, HILL, RISING, run } from "./run.ts";

Deno.test("runSession() buys on the way up with a stop, sells on the way down, and closes its books", async () => {
  const { outcome, entries, broker } = await run();
  equal(outcome.outcome, "done");
  deepEqual(
    broker.placed.map(({ side, role, orderType }) => `${role} ${side} ${orderType}`),
    ["entry BUY LMT", "stop SELL STP", "exit SELL MKT"],
  );
  deepEqual(bodiesOf(entries, "reconciled").map(({ at, differences }) => ({ at, differences })), [
    { at: "start", differences: [] },
    { at: "end", differences: [] },
  ]);
  equal(bodiesOf(entries, "execution").length, 2);
  equal(bodiesOf(entries, "commission").length, 2);
  const last = bodiesOf(entries, "account-snapshot").at(-1);
  equal(formatMicros(last?.cash ?? 0n), formatMicros(broker.account.cash));
});

Deno.test("the stop is cancelled, and seen cancelled, before the exit leaves", async () => {
  const { entries } = await run();
  const stop = bodiesOf(entries, "intent").find(({ role }) => role === "stop")?.intentId;
  const cancelled = entries.find(({ body }) =>
    body.kind === "order-event" && body.intentId === stop && body.status === "Cancelled"
  );
  const exit = entries.find(({ body }) => body.kind === "intent" && body.role === "exit");
  ok(cancelled !== undefined && exit !== undefined && cancelled.seq < exit.seq);
});

Deno.test("every intent is in the ledger before the order that follows from it is sent", async () => {
  const { entries } = await run();
  for (const { seq, body } of entries) {
    if (body.kind !== "order-sent") continue;
    const intent = entries.find((entry) =>
      entry.body.kind === "intent" && entry.body.intentId === body.intentId
    );
    ok(intent !== undefined && intent.seq < seq);
  }
});

Deno.test("S1, S2: a price that falls through the stop is sold by the broker at the market's price, without us", async () => {
  const crash: Path = (symbol, now) => now > at(60) ? 80 : HILL(symbol, now);
  const { outcome, broker, entries } = await run({ path: crash });
  equal(outcome.outcome, "done");
  deepEqual(broker.placed.map(({ role }) => role), ["entry", "stop"]);
  equal(broker.account.shares.size, 0);
  const [, sold, ...others] = bodiesOf(entries, "execution");
  deepEqual([sold?.side, formatMicros(sold?.price ?? 0n), others.length], ["SELL", "80", 0]);
});

Deno.test("a position held near the close is flattened, and nothing works over night", async () => {
  const { broker, entries } = await run({ path: RISING });
  equal(broker.account.shares.size, 0);
  const signals = bodiesOf(entries, "signal");
  equal(signals.at(-1)?.reason.rule, "flatten");
  deepEqual(await broker.openOrders(), []);
});

Deno.test("with at_close = hold the position and its stop stay", async () => {
  const { outcome, broker } = await run({ path: RISING, toml: 'at_close = "hold"' });
  equal(outcome.outcome, "done");
  equal(broker.account.shares.size, 1);
  deepEqual((await broker.openOrders()).map(({ orderType }) => orderType), ["STP"]);
});

Deno.test("S9: stopped by a signal while trading: entries are cancelled, the stop stays, exit is interrupted", async () => {
  const { outcome, broker, entries } = await run({
    script: ({ clock, stop }) => void clock.at(at(70), () => stop.abort(new Error("SIGTERM"))),
  });
  equal(outcome.outcome, "interrupted");
  equal(broker.account.shares.size, 1);
  deepEqual((await broker.openOrders()).map(({ orderType }) => orderType), ["STP"]);
  equal(bodiesOf(entries, "session-closed").at(-1)?.outcome, "interrupted");
});

Deno.test("stopped by a signal before the open: nothing was sent", async () => {
  const { outcome, broker } = await run({
    script: ({ clock, stop }) => void clock.at(at(-5), () => stop.abort(new Error("SIGTERM"))),
  });
  equal(outcome.outcome, "interrupted");
  deepEqual(broker.placed, []);
});

Deno.test("a fill whose messages were all lost is booked at the end, and the books agree", async () => {
  const { outcome, entries, broker } = await run({
    script: ({ clock, broker }) => void clock.at(at(82), () => broker.muteOrders = true),
  });
  equal(outcome.outcome, "done");
  equal(broker.account.shares.size, 0);
  const exit = bodiesOf(entries, "intent").find(({ role }) => role === "exit")?.intentId;
  ok(bodiesOf(entries, "execution").some(({ intentId }) => intentId === exit));
  deepEqual(bodiesOf(entries, "reconciled").at(-1)?.differences, []);
});

Deno.test("O10: a lost link is taken up again, the order adopted by its reference and not sent twice", async () => {
  const { outcome, entries, broker } = await run({
    script: ({ clock, broker }) => void clock.at(at(60), () => broker.breakLink()),
  });
  equal(outcome.outcome, "done");
  deepEqual(bodiesOf(entries, "reconciled").map(({ at }) => at), ["start", "reconnect", "end"]);
  equal(broker.account.orders.size, 3);
  equal(broker.account.shares.size, 0);
});

Deno.test("a session that was killed is taken up by the next: the position keeps its stop and is closed by it", async () => {
  const ledger = openLedger(":memory:");
  const account = new MemoryAccount();
  const killed = await run({
    ledger,
    account,
    script: ({ clock, stop }) =>
      void clock.at(at(60), () => stop.abort(new Error("as good as killed"))),
  });
  equal(killed.broker.account.shares.size, 1);
  const next = await run({ ledger, account, startMinute: 61 });
  equal(next.outcome.outcome, "done");
  equal(account.shares.size, 0);
  deepEqual(bodiesOf(next.entries, "reconciled").at(-1)?.differences, []);
  equal(bodiesOf(next.entries, "session-opened").length, 2);
});

Deno.test("L10: a position the ledger knows nothing of stops the next session before it trades", async () => {
  const ledger = openLedger(":memory:");
  const account = new MemoryAccount();
  await run({ ledger, account, path: () => 100 });
  account.shares.set("GM", 5_000_000n);
  const { outcome, broker, entries } = await run({ ledger, account });
  equal(outcome.outcome, "failed");
  match(outcome.because, /differ/);
  deepEqual(broker.placed, []);
  deepEqual(bodiesOf(entries, "reconciled").at(-1)?.differences, [
    { what: "position", key: "GM", ledger: "0", broker: "5" },
  ]);
});

Deno.test("L10: without the ledger that has its orders a session does not start: their stops would outlive the position", async () => {
  const account = new MemoryAccount();
  const first = openLedger(":memory:");
  await run({
    ledger: first,
    account,
    script: ({ clock, stop }) => void clock.at(at(50), () => stop.abort(new Error("SIGTERM"))),
  });
  const { outcome, broker } = await run({
    account,
    startMinute: 51,
    acceptDifferences: "it is all right",
  });
  equal(outcome.outcome, "failed");
  match(outcome.because, /orders of ours that this ledger does not have/);
  deepEqual(broker.placed, []);
  const found = await run({ ledger: first, account, startMinute: 52 });
  equal(found.outcome.outcome, "done", found.outcome.because);
});

Deno.test("a difference stays one until a person accepts it with a reason", async () => {
  const yesterday = await run({ path: () => 100 });
  const [opened] = bodiesOf(yesterday.entries, "session-opened");
  const [start] = bodiesOf(yesterday.entries, "account-snapshot");
  if (opened === undefined || start === undefined) throw new Error("No session yesterday");
  const ledger = openLedger(":memory:");
  ledger.append("2026-11-19-1", at(-1_000), [{ ...opened, date: "2026-11-19" }, start]);
  const account = new MemoryAccount();
  account.shares.set("GM", 5_000_000n);
  for (const _ of ["once", "again"]) {
    const { outcome } = await run({ ledger, account, path: () => 100 });
    strictEqual(outcome.outcome, "failed");
  }
  const { outcome, entries } = await run({
    ledger,
    account,
    path: () => 100,
    toml: 'at_close = "hold"',
    acceptDifferences: "bought by hand",
  });
  strictEqual(outcome.outcome, "done");
  deepEqual(bodiesOf(entries, "incident").map(({ code, text }) => `${code}: ${text}`), [
    "differences-accepted: Differences accepted by a person: bought by hand",
    "foreign-position: GM is held, but not among the session's symbols; it is left alone",
  ]);
  strictEqual(account.shares.get("GM"), 5_000_000n);
});

Deno.test("R4, R10: a loss beyond the day's limit, not yet realized, halts entries, and the halt is still there for the next session", async () => {
  const ledger = openLedger(":memory:");
  const account = new MemoryAccount();
  const slide: Path = (symbol, now) => now > at(50) ? HILL(symbol, now) - 4 : HILL(symbol, now);
  const toml = "[risk]\nmax_daily_loss_pct = 0.05\n";
  const { outcome, entries } = await run({ ledger, account, path: slide, toml });
  equal(outcome.outcome, "halted");
  match(bodiesOf(entries, "halted").at(-1)?.because ?? "", /^EXCEEDS_DAILY_LOSS value=/);
  const next = await run({ ledger, account, startMinute: 200 });
  equal(next.outcome.outcome, "halted");
});

Deno.test("S7: a person's halt from another terminal stops entries within seconds, and exits still go out", async () => {
  const ledger = openLedger(":memory:");
  const { outcome, broker } = await run({
    ledger,
    script: ({ clock }) =>
      void clock.at(at(70), () => {
        ledger.append("operator", at(70), [{
          kind: "halted",
          actor: "operator",
          because: "lunch",
        }]);
      }),
  });
  equal(outcome.outcome, "halted");
  equal(outcome.because, "lunch");
  equal(broker.placed.at(-1)?.role, "exit");
  equal(broker.account.shares.size, 0);
  const next = await run({ ledger, account: broker.account, startMinute: 200, path: RISING });
  deepEqual(next.broker.placed, []);
});

Deno.test("D9: a symbol IB does not know is reported once and left out, the others trade", async () => {
  const { outcome, entries, broker } = await run({ symbols: ["NOSUCH", "AAPL"] });
  equal(outcome.outcome, "done");
  deepEqual(bodiesOf(entries, "incident").map(({ code, symbol }) => `${code} ${symbol}`), [
    "unknown-symbol NOSUCH",
  ]);
  equal(broker.placed.length, 3);
});

Deno.test("the same day gives the same ledger, hash for hash", async () => {
  const [one, two] = [await run(), await run()];
  equal(one.entries.at(-1)?.hash, two.entries.at(-1)?.hash);
});

Deno.test("what TWS says of its farms while a session still warms up is in the ledger, though it goes no further", async () => {
  const { entries, outcome } = await run({
    chosen: chooseStrategy("sma-crossover", { slow: 150 }),
    script: ({ broker }) => {
      const history = broker.history.bind(broker);
      broker.history = (request) => {
        const text = "HMDS data farm connection is broken:ushmds";
        broker.emit({ type: "notice", code: 2105, text });
        return history(request);
      };
    },
  });
  strictEqual(outcome.outcome, "failed");
  const [farm] = bodiesOf(entries, "farm-changed");
  deepEqual([farm?.farm, farm?.state], ["ushmds", "down"]);
});
