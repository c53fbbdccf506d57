import { deepStrictEqual, match, ok, strictEqual } from "node:assert/strict";
import { TimeoutError } from "../../lib/clock.ts";
import type { Entry } from "../../lib/ledger/entry.ts";
import { bodiesOf } from "../../lib/ledger/select.ts";
import { openLedger } from "../../lib/ledger/sqlite.ts";
import { parseMicros } from "../../lib/money.ts";
import { Intents } from "../../lib/session/intents.ts";
import { MemoryAccount, type MemoryBroker } from "./memory_broker.ts";
import { at, run } from "./run.ts";
import { FLAT, scripted, want } from "./scripted.ts";

/** An order of which nobody can say what became of it: unknown stays unknown, and a person is told. */

const ONCE = scripted((minute) => minute === 5 ? [want("enter")] : []);
const IDLE = scripted(() => []);
const HOLD = 'at_close = "hold"';

function neverEnds<T>(): Promise<T> {
  return Promise.reject(new TimeoutError("openOrderEnd (53)", 15_000));
}

function fold(entries: readonly Entry[]): Intents {
  const intents = new Intents();
  for (const entry of entries) intents.apply(entry);
  return intents;
}

const codes = (entries: readonly Entry[]): string[] =>
  bodiesOf(entries, "incident").map(({ code }) => code);

/** A day that dies at the eighth minute with a position and its stop. */
async function died(): Promise<{ ledger: ReturnType<typeof openLedger>; account: MemoryAccount }> {
  const ledger = openLedger(":memory:");
  const account = new MemoryAccount();
  await run({
    ledger,
    account,
    path: FLAT,
    chosen: ONCE,
    toml: HOLD,
    script: ({ clock, stop }) => void clock.at(at(8), () => stop.abort(new Error("killed"))),
  });
  return { ledger, account };
}

Deno.test("a list that never ends: asked three times, then what is open is frozen and the session stays closed; the next one thaws it", async () => {
  const { ledger, account } = await died();
  let asked = 0;
  const { outcome, entries, broker } = await run({
    ledger,
    account,
    path: FLAT,
    chosen: ONCE,
    startMinute: 10,
    script: ({ broker }) => {
      broker.openOrders = () => (asked++, neverEnds());
    },
  });
  deepStrictEqual([outcome.outcome, asked, broker.placed.length], ["failed", 3, 0]);
  match(outcome.because, /openOrderEnd/);
  deepStrictEqual(codes(entries).slice(-3), ["broker-silent", "broker-silent", "order-frozen"]);
  const [frozen, ...others] = fold(entries).undecided();
  deepStrictEqual([frozen?.intent.role, frozen?.frozen, others.length], ["stop", true, 0]);

  const next = await run({
    ledger,
    account,
    path: FLAT,
    chosen: IDLE,
    toml: HOLD,
    startMinute: 20,
  });
  strictEqual(next.outcome.outcome, "done");
  const intents = fold(next.entries);
  deepStrictEqual([intents.open().length, intents.frozen().length], [1, 0]);
  deepStrictEqual(next.broker.placed, [], "the stop was there all along");
});

for (const list of ["openOrders", "executions", "positions"] as const) {
  Deno.test(`${list} empty by mistake once: the second look tells, nothing is frozen and no position is lost`, async () => {
    const { ledger, account } = await died();
    const { outcome, entries } = await run({
      ledger,
      account,
      path: FLAT,
      chosen: IDLE,
      toml: HOLD,
      startMinute: 10,
      script: ({ broker }) => emptyOnce(broker, list),
    });
    strictEqual(outcome.outcome, "done");
    deepStrictEqual(codes(entries), []);
    deepStrictEqual(bodiesOf(entries, "intent-frozen"), []);
    strictEqual(fold(entries).open().length, 1);
  });
}

function emptyOnce(broker: MemoryBroker, list: "openOrders" | "executions" | "positions"): void {
  const { openOrders, executions, positions } = broker;
  let looks = 0;
  const isFirst = (): boolean => looks++ === 0;
  if (list === "openOrders") {
    broker.openOrders = () => isFirst() ? Promise.resolve([]) : openOrders.call(broker);
  } else if (list === "executions") {
    const none = { executions: [], commissions: [] };
    broker.executions = () => isFirst() ? Promise.resolve(none) : executions.call(broker);
  } else {
    broker.positions = () => isFirst() ? Promise.resolve([]) : positions.call(broker);
  }
}

Deno.test("an entry nobody acknowledges while no list ends: frozen after three minutes, called back, its symbol closed to entries, its money reserved; proven absent later", async () => {
  const cancelled: number[] = [];
  const eager = scripted((minute, view) =>
    minute >= 5 && view.position("AAPL") === 0 ? [want("enter")] : []
  );
  const { outcome, entries } = await run({
    path: FLAT,
    chosen: eager,
    toml: "[risk]\ncooldown_ms = 0",
    script: ({ clock, broker }) => {
      const { place, cancel, openOrders } = broker;
      const lost = new Set<string>();
      broker.place = (order) => {
        if (clock.now() > at(5.5)) return place.call(broker, order);
        lost.add(order.intentId);
        return { orderId: broker.account.nextOrderId++ };
      };
      broker.cancel = (orderId) => {
        cancelled.push(orderId);
        cancel.call(broker, orderId);
      };
      const silent = (): boolean => clock.now() > at(5) && clock.now() < at(20);
      broker.openOrders = () => silent() ? neverEnds() : openOrders.call(broker);
    },
  });
  const frozen = entries.filter(({ body }) => body.kind === "intent-frozen");
  strictEqual(frozen.length, 2, "entry and stop");
  ok((frozen[0]?.at ?? 0) >= at(7) && (frozen[0]?.at ?? 0) <= at(9));
  strictEqual(cancelled[0], 1);
  deepStrictEqual(codes(entries).slice(0, 3), ["broker-silent", "order-frozen", "broker-answers"]);
  const refused = entries.filter(({ body, at: when }) =>
    body.kind === "refused" && when > at(10) && when < at(20)
  );
  deepStrictEqual(refused, [], "between these it is refused as before");
  const again = bodiesOf(entries, "refusal-repeated").find(({ code }) => code === "SYMBOL_FROZEN");
  ok(again !== undefined && again.count >= 9 && again.lastAt >= at(19));
  const entered = entries.filter(({ body }) => body.kind === "intent" && body.role === "entry");
  ok((entered[1]?.at ?? 0) > at(20), "the symbol is open again once absence is proven");
  strictEqual(outcome.outcome, "done");
  deepStrictEqual(fold(entries).frozen(), []);
});

Deno.test("an exit nobody acknowledges while no list ends: no second sale goes out beside it, and later it is found filled", async () => {
  const { outcome, entries, broker } = await run({
    path: FLAT,
    chosen: scripted((minute) =>
      minute === 5 ? [want("enter")] : minute === 30 ? [want("exit")] : []
    ),
    script: ({ clock, broker }) => {
      const { openOrders } = broker;
      const silent = (): boolean => clock.now() > at(30) + 200 && clock.now() < at(60);
      broker.openOrders = () => silent() ? neverEnds() : openOrders.call(broker);
      // The cancel of the stop is heard; what is said of the exit is not.
      clock.at(at(30) + 100, () => broker.muteOrders = true);
      clock.at(at(60), () => broker.muteOrders = false);
    },
  });
  strictEqual(outcome.outcome, "done");
  deepStrictEqual(broker.placed.map(({ role }) => role), ["entry", "stop", "exit"]);
  deepStrictEqual(bodiesOf(entries, "intent-frozen").map(({ symbol }) => symbol), ["AAPL"]);
  deepStrictEqual([fold(entries).undecided().length, broker.account.shares.size], [0, 0]);
});

Deno.test("an order no list has while the position differs is frozen, not forgotten: the session refuses to start until a person answers for it", async () => {
  const ledger = openLedger(":memory:");
  const account = new MemoryAccount();
  await run({
    ledger,
    account,
    path: FLAT,
    chosen: ONCE,
    toml: HOLD,
    script: ({ clock, broker, stop }) => {
      broker.muteOrders = true;
      clock.at(at(5) + 5_000, () => stop.abort(new Error("killed")));
    },
  });
  // A new day: today's lists have forgotten it, its shares are there.
  account.orders.clear();
  const forgets = ({ broker }: { readonly broker: MemoryBroker }): void => {
    const { executions } = broker;
    broker.executions = async () => {
      const known = await executions.call(broker);
      return { executions: known.executions.slice(1), commissions: known.commissions.slice(1) };
    };
  };
  const day = { ledger, account, path: FLAT, chosen: IDLE, script: forgets };
  const refused = await run({ ...day, startMinute: 10 });
  strictEqual(refused.outcome.outcome, "failed");
  const frozen = bodiesOf(refused.entries, "intent-frozen");
  match(frozen[0]?.because ?? "", /^no list of TWS has it, but TWS has \d+ shares, the ledger 0$/);
  const accepted = await run({
    ...day,
    startMinute: 20,
    acceptDifferences: "it filled, see the statement",
  });
  strictEqual(accepted.outcome.outcome, "done", accepted.outcome.because);
  deepStrictEqual(fold(accepted.entries).undecided(), []);
  strictEqual(account.shares.get("AAPL") ?? parseMicros("0"), 0n);
});
