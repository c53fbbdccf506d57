import { ok, strictEqual } from "node:assert/strict";
import { bodiesOf } from "../../lib/ledger/select.ts";
import { type Micros, ZERO } from "../../lib/money.ts";
import { HILL, RISING, run } from "./run.ts";

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
