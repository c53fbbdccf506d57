import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import { bodiesOf } from "../../lib/ledger/select.ts";
import { formatMicros, type Micros, parseMicros, ZERO } from "../../lib/money.ts";
import { at as minutes, HILL, RISING, run } from "./run.ts";
import { FLAT, scripted, want } from "./scripted.ts";

/** A status tells of fills before their executions come, and an exit comes between two slices. */

const WORKED = '[execution]\nstyle = "ADAPTIVE"\nmin_slice_usd = 0\n';

function sum(amounts: readonly Micros[]): Micros {
  return amounts.reduce((total, amount) => total + amount, ZERO);
}

Deno.test("a slice is filled by its status before its execution came: no second slice goes out for the same shares", async () => {
  const { entries, broker } = await run({
    path: RISING,
    toml: WORKED,
    script: (world) => void (world.broker.lateExecutions = true),
  });
  const [started] = bodiesOf(entries, "parent-order");
  const bought = broker.placed.filter(({ role }) => role === "entry");
  ok(started !== undefined);
  strictEqual(sum(bought.map(({ quantity }) => quantity)), started.quantity);
  strictEqual(bodiesOf(entries, "parent-ended")[0]?.filled, started.quantity);
});

Deno.test("a stop fills while an exit cancels it, its status first: the exit does not sell the same shares again", async () => {
  const { outcome, entries, broker } = await run({
    path: HILL,
    script: (world) => {
      world.broker.lateExecutions = true;
      world.broker.fillsCancelledStops = true;
    },
  });
  strictEqual(outcome.outcome, "done");
  ok(bodiesOf(entries, "signal").some(({ purpose }) => purpose === "exit"));
  strictEqual(broker.placed.filter(({ role }) => role === "exit").length, 0);
  strictEqual(broker.account.shares.size, 0);
});

Deno.test("the strategy wants out before any slice was filled: nothing is bought any more", async () => {
  const { entries, broker } = await run({
    path: HILL,
    toml: `${WORKED}horizon_minutes = 380\n`,
    script: (world) => void world.broker.unfilled.add("AAPL"),
  });
  const exit = entries.find(({ body }) => body.kind === "signal" && body.purpose === "exit");
  const [ended] = bodiesOf(entries, "parent-ended");
  strictEqual(ended?.because, "the strategy wants out");
  const later = entries.filter(({ body, at }) =>
    exit !== undefined && at > exit.at && body.kind === "intent"
  );
  strictEqual(later.length, 0);
  ok(broker.placed.length > 0);
});

Deno.test("a stop that was made smaller has sold what it could: an exit after it does not wait for shares nobody owes", async () => {
  const { entries, broker } = await run({
    path: FLAT,
    toml: "[risk]\ncooldown_ms = 0",
    chosen: scripted((minute) =>
      minute === 5 || minute === 9 ? [want("enter")] : minute === 10 ? [want("exit")] : []
    ),
    script: ({ clock, broker }) => {
      broker.unfilled.add("AAPL");
      // Eight of the entry are bought and the rest is taken back by hand; the session makes its stop smaller.
      clock.at(minutes(5.2), () => broker.fill(1, parseMicros("8")));
      clock.at(minutes(5.4), () => broker.cancel(1));
      clock.at(minutes(8.2), () => {
        broker.fill(2);
        broker.unfilled.clear();
      });
    },
  });
  const stop = bodiesOf(entries, "execution").find(({ side }) => side === "SELL");
  strictEqual(formatMicros(stop?.quantity ?? ZERO), "8");
  const [exit] = broker.placed.filter(({ role }) => role === "exit");
  const sent = entries.find(({ body }) =>
    body.kind === "order-sent" && body.intentId === exit?.intentId
  );
  ok(sent !== undefined && sent.at < minutes(10) + 1_000, `${sent?.at}`);
});

Deno.test("while fills are owed an exit leaves the stop where it is: it goes with the exit, when what is held is known", async () => {
  const { entries, broker } = await run({
    path: FLAT,
    chosen: scripted((minute) =>
      minute === 5 ? [want("enter")] : minute === 6 ? [want("exit")] : []
    ),
    script: ({ clock, broker }) => {
      broker.unfilled.add("AAPL");
      clock.at(minutes(5.2), () => broker.fill(1, parseMicros("8")));
      clock.at(minutes(5.95), () => {
        broker.muteOrders = true;
        broker.fill(1);
        broker.muteOrders = false;
        broker.show(1);
      });
    },
  });
  const [entry] = broker.placed;
  const told = entries.flatMap(({ body, at }) => {
    if (body.kind === "execution") return [`${body.side} ${formatMicros(body.quantity)}`];
    const isOurs = body.kind === "order-event" && body.source === "local";
    return isOurs && at < minutes(10) ? [body.status] : [];
  });
  const rest = formatMicros((entry?.quantity ?? ZERO) - parseMicros("8"));
  const all = formatMicros(entry?.quantity ?? ZERO);
  deepStrictEqual(told, ["BUY 8", `BUY ${rest}`, "PendingCancel", `SELL ${all}`]);
});
