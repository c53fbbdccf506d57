import { deepStrictEqual, match, ok, strictEqual } from "node:assert/strict";
import { NotReadyError } from "../../lib/broker/broker.ts";
import { bodiesOf } from "../../lib/ledger/select.ts";
import { at, MINUTE, RISING, run } from "./run.ts";
import { FLAT, scripted, want } from "./scripted.ts";

/** A Gateway that is not there, goes away for good, or has given our client id to somebody else. */

const gone = (): never => {
  throw new NotReadyError("tcp", "Cannot connect: nobody listens on 127.0.0.1:4002");
};

Deno.test("C7: a Gateway that never comes is asked until the close, ever less often, and then the session fails by name", async () => {
  const asked: number[] = [];
  const { outcome, entries } = await run({
    path: FLAT,
    connect: ({ clock }) => (asked.push(clock.now()), gone()),
  });
  strictEqual(outcome.outcome, "failed");
  match(outcome.because, /nobody listens/);
  const waits = asked.slice(1).map((when, index) => when - (asked[index] ?? 0));
  ok(waits.every((waitMs, index) => waitMs >= Math.min(waits[index - 1] ?? 0, 48_000)));
  ok(Math.max(...waits) <= MINUTE, "once a minute at the least");
  ok((asked.at(-1) ?? 0) > at(388) && asked.length < 500);
  strictEqual(bodiesOf(entries, "incident").at(-1)?.code, "connect-failed");
});

Deno.test("C7: a Gateway that goes away for good in mid-trade: the session tries until the close and fails, what it holds keeps its stop", async () => {
  const { outcome, entries, broker } = await run({
    path: FLAT,
    chosen: scripted((minute) => minute === 5 ? [want("enter")] : []),
    connect: ({ clock }) => clock.now() > at(6) ? gone() : null,
    script: ({ clock, broker }) => void clock.at(at(7), () => broker.breakLink()),
  });
  strictEqual(outcome.outcome, "failed");
  deepStrictEqual(
    [...broker.account.orders.values()].map(({ order, status }) => `${order.role} ${status}`),
    ["entry Filled", "stop PreSubmitted"],
  );
  strictEqual(bodiesOf(entries, "session-closed").at(-1)?.outcome, "failed");
});

Deno.test("C11: a client id in use for 90 s: it waits with the same one, and trades when it is free", async () => {
  const { outcome, entries, broker } = await run({
    path: RISING,
    connect: ({ clock }) => {
      if (clock.now() >= at(-10) + 90_000) return null;
      throw new NotReadyError("client-id", "Cannot connect: client id 17 is in use (326)");
    },
  });
  strictEqual(outcome.outcome, "done");
  const waits = bodiesOf(entries, "incident").filter(({ code }) => code === "connect-failed");
  ok(waits.length > 3 && waits.every(({ text }) => text.includes("client id 17 is in use")));
  ok(broker.placed.length > 0);
});
