import { deepStrictEqual, match, ok, rejects, strictEqual } from "node:assert/strict";
import type { EntryOf, ParentOrderEnded, ParentOrderStarted } from "../../lib/ledger/entry.ts";
import { bodiesOf } from "../../lib/ledger/select.ts";
import { openLedger } from "../../lib/ledger/sqlite.ts";
import { formatMicros, fromNumber, type Micros, parseMicros, ZERO } from "../../lib/money.ts";
import { dying, KilledError } from "./dying_ledger.ts";
import { MemoryAccount, type Path } from "./memory_broker.ts";
import { at, MINUTE, RISING, type Run, run } from "./run.ts";

/** Whole sessions whose one entry, bought at the 20th minute, is worked by an algorithm. */

function worked(style: string, more = ""): string {
  return `[execution]\nstyle = "${style}"\nmin_slice_usd = 0\n${more}\n`;
}

/** The one parent of a run, and its end. */
function parentOf({ entries }: Pick<Run, "entries">): {
  started: ParentOrderStarted;
  ended: ParentOrderEnded;
  slices: readonly EntryOf<"intent">[];
} {
  const [started] = bodiesOf(entries, "parent-order");
  const [ended] = bodiesOf(entries, "parent-ended");
  ok(started !== undefined && ended !== undefined, "a parent began and ended");
  const slices = entries.filter((entry): entry is EntryOf<"intent"> =>
    entry.body.kind === "intent" && entry.body.role === "entry" &&
    entry.body.parentOrderId === started.parentOrderId
  );
  return { started, ended, slices };
}

function sum(amounts: readonly Micros[]): Micros {
  return amounts.reduce((total, amount) => total + amount, ZERO);
}

Deno.test("TWAP: an entry is bought in slices over its time, each with its stop, and never more than approved", async () => {
  const result = await run({ path: RISING, toml: worked("TWAP") });
  const { started, ended, slices } = parentOf(result);
  strictEqual(result.outcome.outcome, "done");
  ok(slices.length > 10, `${slices.length} slices`);
  strictEqual(sum(slices.map(({ body }) => body.quantity)), started.quantity);
  deepStrictEqual([ended.outcome, ended.filled, ended.remainder], ["filled", started.quantity, 0n]);
  const stops = bodiesOf(result.entries, "intent").filter(({ role }) => role === "stop");
  deepStrictEqual(
    stops.slice(0, slices.length).map(({ parentIntentId, quantity }) => [parentIntentId, quantity]),
    slices.map(({ body }) => [body.intentId, body.quantity]),
  );
  const lastAt = slices.at(-1)?.at ?? 0;
  ok(lastAt <= started.endMs && lastAt - started.startMs > 20 * MINUTE, "it took its time");
});

Deno.test("a parent is in the ledger before its first slice, with its choice, its seed and what it reserves", async () => {
  const { entries } = await run({ path: RISING, toml: worked("TWAP") });
  const parent = entries.find(({ body }) => body.kind === "parent-order");
  const slice = entries.find(({ body }) => body.kind === "intent" && body.parentOrderId !== null);
  ok(parent !== undefined && slice !== undefined && parent.seq < slice.seq);
  ok(parent.body.kind === "parent-order");
  const { because, reserved, quantity, limitPrice, algorithm } = parent.body;
  deepStrictEqual([algorithm, because], ["TWAP", "chosen by hand"]);
  strictEqual(formatMicros(reserved), formatMicros((quantity * (limitPrice ?? 0n)) / 1_000_000n));
});

Deno.test("its end says what it paid against the market's average over its time", async () => {
  const { ended } = parentOf(await run({ path: RISING, toml: worked("TWAP") }));
  const vwap = ended.intervalVwap ?? NaN;
  const paid = Number(formatMicros(ended.avgFillPrice ?? 0n));
  ok(Math.abs(paid - vwap) < 0.05, `paid ${paid}, average ${vwap}`);
  ok((ended.marketVolume ?? 0n) > 0n);
});

Deno.test("auto: an order no larger than what is offered leaves whole, and its intent says so", async () => {
  const { entries } = await run({ path: RISING });
  strictEqual(bodiesOf(entries, "parent-order").length, 0);
  const entry = bodiesOf(entries, "intent").find(({ role }) => role === "entry");
  match(entry?.sizing ?? "", /LIMIT: 19 shares are no more than the 100 at the best price/);
});

Deno.test("auto: an order that is a part of the market's volume is worked, and the numbers are kept", async () => {
  const toml =
    '[risk]\nsizing = "fixed-shares"\nsize_shares = 101\nmax_order_notional_usd = 50000\n' +
    "max_position_pct = 50\nmax_bar_volume_pct = 100";
  const { started } = parentOf(await run({ path: RISING, toml }));
  strictEqual(started.algorithm, "ADAPTIVE");
  match(started.because, /^101 shares are 0\.\d\d % of the expected \d+$/);
});

Deno.test("a native iceberg is one order of which a clip is shown, taken back at its end", async () => {
  const toml = worked("ICEBERG", "display_pct = 40\nhorizon_minutes = 10") +
    '[risk]\nsizing = "fixed-shares"\nsize_shares = 250\nmax_order_notional_usd = 50000\n' +
    "max_position_pct = 50\nmax_bar_volume_pct = 100";
  const { slices, ended, started } = parentOf(
    await run({
      path: RISING,
      toml,
      script: ({ broker }) => void (broker.fillsNothing = true),
    }),
  );
  deepStrictEqual(
    slices.map(({ body }) => [formatMicros(body.quantity), formatMicros(body.displaySize ?? 0n)]),
    [["250", "100"]],
  );
  deepStrictEqual([ended.outcome, ended.remainder], ["unfilled", started.quantity]);
});

for (
  const [style, strategy, tags] of [
    ["IB_ADAPTIVE", "Adaptive", ["adaptivePriority"]],
    ["IB_TWAP", "Twap", ["startTime", "endTime", "allowPastEndTime"]],
    ["IB_VWAP", "Vwap", ["maxPctVol", "startTime", "endTime", "allowPastEndTime", "noTakeLiq"]],
  ] as const
) {
  Deno.test(`${style}: IB works the whole entry by its own algorithm, with its tags`, async () => {
    const { slices, started } = parentOf(await run({ path: RISING, toml: worked(style) }));
    strictEqual(slices.length, 1);
    const [slice] = slices;
    strictEqual(slice?.body.algo?.strategy, strategy);
    deepStrictEqual(Object.keys(slice?.body.algo?.params ?? {}).sort(), [...tags].sort());
    strictEqual(slice?.body.quantity, started.quantity);
  });
}

Deno.test("VWAP with an unknown curve: it follows the clock while the symbol's volume curve is not known, and says so", async () => {
  const { started, ended } = parentOf(
    await run({
      path: RISING,
      toml: worked("VWAP"),
      script: ({ broker }) => void (broker.noCurve = true),
    }),
  );
  match(started.because, /volume curve is not known/);
  strictEqual(ended.outcome, "filled");
});

Deno.test("an entry is worked only until entries end: at the half day's close as at any other", async () => {
  // It turns up so late that its thirty minutes would pass the end of entries.
  const late: Path = (_, now) => 100 + Math.abs((now - at(350)) / MINUTE) * 0.01;
  const { started, slices, ended } = parentOf(
    await run({ path: late, startMinute: 300, toml: worked("TWAP") }),
  );
  strictEqual(started.endMs, at(375));
  ok(slices.every((slice) => slice.at <= at(375)));
  ok(ended.filled <= started.quantity);
});

Deno.test("a halt in the middle of an algorithm ends it: nothing more is bought, the rest is said", async () => {
  const ledger = openLedger(":memory:");
  const result = await run({
    path: RISING,
    ledger,
    toml: worked("TWAP"),
    script: ({ clock }) =>
      void clock.at(at(45), () => {
        ledger.append("by-hand", at(45), [{ kind: "halted", actor: "me", because: "enough" }]);
      }),
  });
  const { started, ended, slices } = parentOf(result);
  deepStrictEqual([ended.outcome, ended.because], ["partly-filled", "halted by me: enough"]);
  strictEqual(ended.filled + ended.remainder, started.quantity);
  ok(slices.every((slice) => slice.at < at(45) + 5_000));
});

Deno.test("a stop that is hit in the middle of an algorithm ends it", async () => {
  const crash: Path = (symbol, now) => now > at(45) ? 80 : RISING(symbol, now);
  const { ended } = parentOf(await run({ path: crash, toml: worked("TWAP") }));
  deepStrictEqual([ended.outcome, ended.because], ["partly-filled", "its stop was hit"]);
});

Deno.test("a slice that the broker rejects ends its parent: no storm of slices", async () => {
  const { ended, slices } = parentOf(
    await run({
      path: RISING,
      toml: worked("TWAP"),
      script: ({ broker }) => void (broker.rejectNext = "entry"),
    }),
  );
  strictEqual(slices.length, 1);
  match(ended.because, /^the broker rejected a slice: 201 Order rejected/);
});

Deno.test("a session killed in the middle of an algorithm goes on from its ledger and never buys more than approved", async () => {
  const ledger = openLedger(":memory:");
  const account = new MemoryAccount();
  const toml = worked("TWAP");
  const first = dying(ledger, (_, atMs) => atMs >= at(45));
  await rejects(run({ path: RISING, ledger: first, account, toml }), KilledError);
  const before = bodiesOf([...ledger.read()], "parent-ended").length;
  strictEqual(before, 0);
  const result = await run({ path: RISING, ledger, account, toml, startMinute: 46 });
  const { started, ended, slices } = parentOf(result);
  strictEqual(bodiesOf(result.entries, "parent-order").length, 1);
  deepStrictEqual([ended.outcome, ended.filled], ["filled", started.quantity]);
  ok(slices.some((slice) => slice.at < at(45)) && slices.some((slice) => slice.at > at(46)));
  const vwap = ended.intervalVwap ?? NaN;
  ok(vwap > 100.1 && vwap < 100.5, `${vwap}: the day's bars tell what nobody saw meanwhile`);
  const bought = bodiesOf(result.entries, "execution").filter(({ side }) => side === "BUY");
  strictEqual(sum(bought.map(({ quantity }) => quantity)), started.quantity);
});

Deno.test("POV after a kill: what was traded while nobody looked counts, by the day's bars", async () => {
  const ledger = openLedger(":memory:");
  const account = new MemoryAccount();
  const toml = worked("POV", "participation_pct = 1") +
    '[risk]\nsizing = "fixed-shares"\nsize_shares = 280\nmax_order_notional_usd = 50000\n' +
    "max_position_pct = 50\nmax_bar_volume_pct = 100";
  const first = dying(ledger, (_, atMs) => atMs >= at(45));
  await rejects(run({ path: RISING, ledger: first, account, toml }), KilledError);
  const { started, ended, slices } = parentOf(
    await run({ path: RISING, ledger, account, toml, startMinute: 60 }),
  );
  // A hundredth of 1,200 shares a minute: 27 minutes allow more than the 280, of which 15 were not seen.
  deepStrictEqual([ended.outcome, ended.filled], ["filled", started.quantity]);
  const again = slices.find((slice) => slice.at >= at(60));
  ok((again?.body.quantity ?? ZERO) > parseMicros("100"), "it catches up with the volume at once");
});

Deno.test("told to end in the middle of an algorithm, a session started again does not go on buying", async () => {
  const ledger = openLedger(":memory:");
  const account = new MemoryAccount();
  const toml = worked("TWAP");
  await run({
    path: RISING,
    ledger,
    account,
    toml,
    script: ({ clock, stop }) => void clock.at(at(45), () => stop.abort(new Error("SIGTERM"))),
  });
  const { ended, slices } = parentOf(
    await run({ path: RISING, ledger, account, toml, startMinute: 46 }),
  );
  deepStrictEqual([ended.outcome, ended.because], ["partly-filled", "stopped by signal"]);
  ok(slices.every((slice) => slice.at < at(46)));
});

Deno.test("an entry bought in part and taken back: its stop is made as small where it stands, once", async () => {
  const toml = worked("IB_ADAPTIVE", "horizon_minutes = 5");
  const { entries, broker } = await run({
    path: RISING,
    toml,
    script: ({ clock, broker }) => {
      broker.fillsNothing = true;
      clock.at(at(36), () => broker.fill(1, parseMicros("7")));
    },
  });
  deepStrictEqual(
    broker.changes.map(({ order }) => [order.role, formatMicros(order.quantity)]),
    [["stop", "7"]],
  );
  const [change] = bodiesOf(entries, "order-changed");
  match(change?.because ?? "", /^its entry bought 7 of 19$/);
  deepStrictEqual(
    bodiesOf(entries, "incident").filter(({ code }) => code === "stop-too-large"),
    [],
  );
});

Deno.test("while an entry is worked, a second signal in its symbol is refused: it is reserved whole", async () => {
  const { entries } = await run({ path: RISING, toml: worked("TWAP") });
  strictEqual(bodiesOf(entries, "parent-order").length, 1);
  const limit = fromNumber(2_100);
  const { started } = parentOf({ entries });
  ok(started.reserved < limit);
});

Deno.test("a market order that is not filled yet takes its part of every limit", async () => {
  const toml = worked("MARKET") + "[risk]\nmax_gross_exposure_pct = 3";
  const { entries } = await run({
    path: RISING,
    toml,
    symbols: ["AAPL", "NVDA"],
    script: ({ broker }) => void (broker.fillsNothing = true),
  });
  const refused = bodiesOf(entries, "refused").map(({ symbol, code }) => `${symbol} ${code}`);
  ok(refused.includes("NVDA EXCEEDS_GROSS_EXPOSURE"), refused.join());
});

Deno.test("the day's prices of what was traded stand in the ledger at the end", async () => {
  const { entries } = await run({ path: RISING });
  const [prices] = bodiesOf(entries, "day-prices");
  const [aapl] = prices?.symbols ?? [];
  strictEqual(aapl?.symbol, "AAPL");
  ok((aapl?.vwap ?? 0) > 100 && (aapl?.close ?? 0) > (aapl?.vwap ?? Infinity));
});
