import { deepStrictEqual, match, ok, strictEqual } from "node:assert/strict";
import { NotReadyError } from "../../lib/broker/broker.ts";
import { RequestRefusedError } from "../../lib/broker/failures.ts";
import { TimeoutError } from "../../lib/clock.ts";
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

Deno.test("a read-only API: the session does not open, and names it", async () => {
  const text = "The API interface is currently in Read-Only mode.";
  const { outcome, broker } = await run({
    script: ({ broker }) => {
      broker.openOrders = () =>
        Promise.reject(new RequestRefusedError(321, text, "the request for open orders"));
    },
  });
  strictEqual(outcome.outcome, "failed");
  match(outcome.because, /321.*Read-Only mode/);
  deepStrictEqual(broker.placed, []);
});

Deno.test("a competing live session takes the market data: a person is told how to end it, and nothing is entered blind", async () => {
  const { outcome, entries, broker } = await run({
    path: RISING,
    script: ({ clock, broker }) =>
      void clock.at(at(10), () => {
        broker.muteQuotes = true;
        const text = "AAPL: No market data during competing live session";
        broker.emit({ type: "notice", code: 10197, text });
      }),
  });
  strictEqual(outcome.outcome, "done");
  deepStrictEqual(broker.placed, []);
  const [told] = bodiesOf(entries, "incident").filter(({ code }) => code === "tws-10197");
  deepStrictEqual([told?.severity, told?.symbol], ["error", "AAPL"]);
  match(told?.text ?? "", /Log out the phone or Client Portal/);
});

Deno.test("a login with another account, or a live one where paper is meant: refused by name, nothing is asked or sent", async () => {
  const { outcome, broker } = await run({ toml: '[gateway]\naccount = "DU7654321"' });
  strictEqual(outcome.outcome, "failed");
  match(outcome.because, /Cannot trade account "DU7654321": this login has no such account/);
  deepStrictEqual(broker.placed, []);
});

Deno.test("C4: a TWS that lets us in and never answers: the waits between logins grow, and the close ends it", async () => {
  const logins: number[] = [];
  const { outcome, entries } = await run({
    path: FLAT,
    chosen: scripted((minute) => minute === 5 ? [want("enter")] : []),
    connect: ({ clock }) => (logins.push(clock.now()), null),
    again: (broker) => {
      broker.completedOrders = () =>
        Promise.reject(new TimeoutError("completedOrdersEnd (102)", 15_000));
    },
    script: ({ clock, broker }) => void clock.at(at(7), () => broker.breakLink()),
  });
  strictEqual(outcome.outcome, "failed");
  match(outcome.because, /completedOrdersEnd/);
  const waits = logins.slice(1).map((when, index) => when - (logins[index] ?? 0)).slice(1);
  ok(Math.min(...waits.slice(8)) >= 48_000, waits.slice(0, 12).join(" "));
  ok((logins.at(-1) ?? 0) > at(387) && logins.length < 500);
  strictEqual(entries.filter(({ body }) => body.kind === "intent-frozen").length, 1, "told once");
  strictEqual(entries.at(-1)?.body.kind, "session-closed");
});

Deno.test("told to end while it waits for an answer that does not come: it ends at once, and its entry is taken back", async () => {
  let stoppedAt = 0;
  const { outcome, entries, broker } = await run({
    path: FLAT,
    chosen: scripted((minute) => minute === 5 ? [want("enter")] : []),
    script: ({ clock, broker, stop }) => {
      broker.fillsNothing = true;
      clock.at(at(5), () => broker.muteOrders = true);
      clock.at(at(6) - 1, () => broker.openOrders = () => new Promise(() => {}));
      clock.at(at(6) + 5_000, () => {
        stoppedAt = clock.now();
        stop.abort(new Error("SIGTERM"));
      });
    },
  });
  strictEqual(outcome.outcome, "interrupted");
  strictEqual(entries.at(-1)?.at, stoppedAt);
  const asked = bodiesOf(entries, "order-event").filter(({ status }) => status === "PendingCancel");
  strictEqual(asked.length, 1);
  strictEqual(broker.placed.length, 2);
});
