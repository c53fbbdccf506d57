import { deepStrictEqual, match, ok, strictEqual } from "node:assert/strict";
import type { Entry } from "../../lib/ledger/entry.ts";
import { bodiesOf } from "../../lib/ledger/select.ts";
import { openLedger } from "../../lib/ledger/sqlite.ts";
import { formatMicros, parseMicros, toNumber } from "../../lib/money.ts";
import type { ChosenStrategy } from "../../lib/strategy/registry.ts";
import { MemoryAccount, type Path } from "./memory_broker.ts";
import { at, DAY, MINUTE, run } from "./run.ts";
import { scripted, want } from "./scripted.ts";

/** Stops that follow the price, each as a day on the broker in memory. */

const TRAILING = '[risk]\nstop_rule = "trailing"\n';
const BREAK_EVEN = '[risk]\nstop_rule = "break-even"\n';
const minuteOf = (now: number): number => (now - DAY.opensAt) / MINUTE;

/** 100 until the tenth minute, then a tenth of a dollar more each minute, and from the 60th as much less. */
const TENT: Path = (_, now) => {
  const minute = minuteOf(now);
  return 100 + 0.1 * (minute < 10 ? 0 : minute < 60 ? minute - 10 : 110 - minute);
};
/** The same upside down. */
const VALLEY: Path = (symbol, now) => 200 - TENT(symbol, now);

/** Buys at 100 in the fifth minute with a stop two dollars below. */
const BUYER: ChosenStrategy = scripted((minute) => minute === 5 ? [want("enter", 98)] : []);
const SELLER: ChosenStrategy = scripted((minute) =>
  minute === 5 ? [{ ...want("enter", 102), side: "SELL" }] : []
);

function moves(entries: readonly Entry[]): string[] {
  return bodiesOf(entries, "order-changed").map(({ rule, auxPrice }) =>
    `${rule} ${formatMicros(auxPrice ?? 0n)}`
  );
}

function prices(entries: readonly Entry[]): number[] {
  return bodiesOf(entries, "order-changed").map(({ auxPrice }) => toNumber(auxPrice ?? 0n));
}

function sold(entries: readonly Entry[]): number {
  return toNumber(bodiesOf(entries, "execution").at(-1)?.price ?? 0n);
}

Deno.test("a trailing stop follows a rise a step at a time and sells on the way down, where it was left", async () => {
  const { outcome, entries, broker } = await run({ path: TENT, toml: TRAILING, chosen: BUYER });
  strictEqual(outcome.outcome, "done");
  const seen = prices(entries);
  deepStrictEqual([seen[0], seen[1], seen.at(-1)], [98.2, 98.4, 103]);
  ok(seen.every((price, at) => at === 0 || price > (seen[at - 1] ?? 0)), "it only tightens");
  deepStrictEqual(broker.placed.map(({ role }) => role), ["entry", "stop"]);
  strictEqual(broker.changes.length, seen.length);
  ok(sold(entries) <= 103 && sold(entries) > 102.9);
  strictEqual(broker.account.shares.size, 0);
});

Deno.test("each change is in the ledger with its numbers before it is sent, one a bar at most", async () => {
  const { entries } = await run({ path: TENT, toml: TRAILING, chosen: BUYER });
  const changed = entries.filter(({ body }) => body.kind === "order-changed");
  ok(changed.length > 10);
  for (const [index, entry] of changed.entries()) {
    const before = changed[index - 1];
    ok(before === undefined || entry.at - before.at >= MINUTE);
  }
  const [first] = bodiesOf(entries, "order-changed");
  match(first?.because ?? "", /^1 R behind the close: close 100\.2, entry 100, R 2, stop 98$/);
});

Deno.test("a short position's stop follows a fall, and buys back on the way up", async () => {
  const { outcome, entries, broker } = await run({
    path: VALLEY,
    toml: `${TRAILING}allow_short = true\n`,
    chosen: SELLER,
  });
  strictEqual(outcome.outcome, "done");
  deepStrictEqual([prices(entries)[0], prices(entries).at(-1)], [101.8, 97]);
  ok(sold(entries) >= 97 && sold(entries) < 97.1);
  strictEqual(broker.account.shares.size, 0);
});

Deno.test("break-even moves the stop once, to what was paid, and the position ends there", async () => {
  const { entries } = await run({ path: TENT, toml: BREAK_EVEN, chosen: BUYER });
  deepStrictEqual(moves(entries), ["break-even 100"]);
  ok(sold(entries) <= 100 && sold(entries) > 99.9);
});

Deno.test("by default a stop stays where the strategy put it", async () => {
  const { entries, broker } = await run({ path: TENT, chosen: BUYER });
  deepStrictEqual(moves(entries), []);
  deepStrictEqual(broker.changes, []);
});

Deno.test("S3: a session that was killed and started again leaves the stop where an undisturbed one does", async () => {
  const undisturbed = await run({ path: TENT, toml: TRAILING, chosen: BUYER });
  const ledger = openLedger(":memory:");
  const account = new MemoryAccount();
  const day = { ledger, account, path: TENT, toml: TRAILING, chosen: BUYER };
  await run({
    ...day,
    script: ({ clock, stop }) => void clock.at(at(40.5), () => stop.abort(new Error("killed"))),
  });
  const { entries, broker } = await run({ ...day, startMinute: 42 });
  strictEqual(prices(entries).at(-1), prices(undisturbed.entries).at(-1));
  deepStrictEqual(broker.placed, [], "no second stop");
  strictEqual(sold(entries), sold(undisturbed.entries));
});

Deno.test("S7: halted, a stop still follows: it only reduces", async () => {
  const ledger = openLedger(":memory:");
  const because = "lunch";
  const { entries } = await run({
    ledger,
    path: TENT,
    toml: TRAILING,
    chosen: BUYER,
    script: ({ clock }) =>
      void clock.at(
        at(20),
        () => ledger.append("operator", at(20), [{ kind: "halted", actor: "operator", because }]),
      ),
  });
  strictEqual(prices(entries).at(-1), 103);
});

Deno.test("winding down, a stop still follows", async () => {
  const toml = `no_entries_minutes_before_close = 370\n${TRAILING}`;
  const { entries } = await run({ path: TENT, toml, chosen: BUYER });
  const winding = entries.find(({ body }) =>
    body.kind === "state-changed" && body.to === "winding-down"
  );
  ok((winding?.at ?? Infinity) <= at(20));
  strictEqual(prices(entries).at(-1), 103);
});

Deno.test("C20: while TWS has lost IBKR no stop moves; afterwards it catches up", async () => {
  const { entries } = await run({
    path: TENT,
    toml: TRAILING,
    chosen: BUYER,
    script: ({ clock, broker }) => {
      clock.at(
        at(20),
        () => broker.emit({ type: "connection", state: "upstream-lost", detail: "1100" }),
      );
      clock.at(at(50), () => broker.emit({ type: "connection", state: "ready", detail: "1102" }));
    },
  });
  const during = entries.filter((entry) =>
    entry.body.kind === "order-changed" && entry.at > at(20) && entry.at < at(50)
  );
  deepStrictEqual(during, []);
  strictEqual(prices(entries).at(-1), 103);
});

for (const code of [110, 201]) {
  Deno.test(`a broker that refuses a change (${code}) is asked what became of it, a person is told, and it is not asked for ever`, async () => {
    const { outcome, entries, broker } = await run({
      path: TENT,
      toml: BREAK_EVEN,
      chosen: BUYER,
      script: ({ broker }) => void (broker.refusesChanges = code),
    });
    strictEqual(outcome.outcome, "done");
    deepStrictEqual(moves(entries), ["break-even 100", "broker 98", "again 100", "broker 98"]);
    deepStrictEqual(bodiesOf(entries, "incident").map(({ code, text }) => `${code}: ${text}`), [
      "stop-not-moved: AAPL keeps its stop at 98: it was to be at 100, the broker has it at 98, " +
      "also after it was sent again",
    ]);
    strictEqual(broker.changes.length, 2);
    deepStrictEqual(broker.placed.map(({ role }) => role), ["entry", "stop"], "no second stop");
    ok(sold(entries) <= 98, "the stop it had was kept");
  });
}

Deno.test("a price moved by hand at TWS is booked; where it is looser, the stop goes back once", async () => {
  const { entries } = await run({
    path: TENT,
    toml: BREAK_EVEN,
    chosen: BUYER,
    script: ({ clock, broker }) =>
      void clock.at(at(40), () => {
        const held = [...broker.account.orders.values()].find(({ order }) => order.role === "stop");
        if (held === undefined) throw new Error("No stop");
        held.order = { ...held.order, auxPrice: parseMicros("97") };
        broker.show(held.orderId);
      }),
  });
  deepStrictEqual(moves(entries), ["break-even 100", "broker 97", "again 100"]);
});

Deno.test("a stop of which a part was taken off is moved for what is left of it, not for more", async () => {
  const { broker } = await run({
    path: TENT,
    toml: BREAK_EVEN,
    chosen: BUYER,
    script: ({ clock, broker }) =>
      void clock.at(at(10), () => {
        const held = [...broker.account.orders.values()].find(({ order }) => order.role === "stop");
        if (held === undefined) throw new Error("No stop");
        held.order = { ...held.order, quantity: parseMicros("7") };
        broker.show(held.orderId);
      }),
  });
  deepStrictEqual(broker.changes.map(({ order }) => order.quantity), [parseMicros("7")]);
});
