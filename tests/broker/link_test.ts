import { setImmediate } from "node:timers";
import { deepStrictEqual, match, ok, rejects, strictEqual, throws } from "node:assert/strict";
import { type BrokerEvent, NotReadyError } from "../../lib/broker/broker.ts";
import { meaningOf } from "../../lib/broker/codes.ts";
import { connectIb } from "../../lib/broker/ib.ts";
import { dial, type LinkClosed } from "../../lib/broker/link.ts";
import { sleep, WallClock } from "../../lib/clock.ts";
import { encodeFrame } from "../../lib/wire/frame.ts";
import { HostileTws, type Peer } from "./hostile_tws.ts";
import { AAPL, CLIENT_ID, notices, ofType, order, rig, START_MS, states, tellTime } from "./rig.ts";
import { orderStatus } from "./words.ts";

/** A connection's life after it is ready: its events, its heartbeat and its end. */

const TIME = encodeFrame([49, 1, START_MS / 1000]);

Deno.test("a half-open link is found by the heartbeat", async (t) => {
  await t.step(
    "TWS says nothing at all any more",
    rig({}, async ({ connect, clock, tws, events }) => {
      const broker = await connect({ heartbeatMs: 15_000 });
      await tws.peer.until(() => tws.open === 0);
      strictEqual(clock.now() - START_MS, 19_000);
      deepStrictEqual(states(events), ["connecting", "ready", "closed"]);
      match(ofType(events, "connection").at(-1)?.detail ?? "", /^half-open: .*4000 ms/);
      throws(() => broker.place(order()), NotReadyError);
    }),
  );
  await t.step(
    "TWS answers every time",
    rig({ onRequest: tellTime }, async ({ connect, clock, tws, events }) => {
      await connect({ heartbeatMs: 15_000 });
      await sleep(clock, 600_000);
      ok(tws.peer.requestsOf(49).length >= 35);
      deepStrictEqual(states(events), ["connecting", "ready"]);
    }),
  );
  await t.step(
    "TWS is busy but talks",
    rig({}, async ({ connect, clock, tws, events }) => {
      await connect({ heartbeatMs: 15_000 });
      for (let i = 0; i < 60; i++) {
        await sleep(clock, 1_000);
        tws.peer.send(46, 6, 1, 45, "1775136600");
      }
      deepStrictEqual(states(events), ["connecting", "ready"]);
    }),
  );
});

Deno.test(
  "a listener that throws costs no event, and its error is not swallowed",
  rig({}, async ({ connect, tws }) => {
    const heard: string[] = [];
    const thrown: unknown[] = [];
    const onError = (event: ErrorEvent): void => {
      event.preventDefault();
      thrown.push(event.error);
    };
    globalThis.addEventListener("error", onError);
    const failure = new Error("A defect of the listener");
    const broker = await connect({
      onEvent: (event: BrokerEvent) => {
        heard.push(event.type);
        if (event.type === "order-status") throw failure;
      },
    });
    const asked = broker.currentTime();
    await tws.peer.until(() => tws.peer.requestsOf(49).length === 1);
    // One chunk: what stands behind the message the listener fails on must not wait for more bytes.
    tws.peer.raw(
      new Uint8Array([
        ...encodeFrame(orderStatus()),
        ...encodeFrame([4, 2, 1, 399, "text", ""]),
        ...TIME,
      ]),
    );
    await asked;
    globalThis.removeEventListener("error", onError);
    deepStrictEqual(heard, ["connection", "connection", "order-status", "order-message"]);
    deepStrictEqual(thrown, [failure]);
  }),
);

Deno.test("events wait for the listener, in order", async () => {
  const onStart = (peer: Peer): void => {
    peer.ready();
    peer.send(4, 2, -1, 2104, "farm", "");
    peer.send(...orderStatus());
  };
  await rig({ onStart, onRequest: tellTime }, async ({ options }) => {
    const { onEvent: _, ...silent } = options();
    const broker = await connectIb(silent);
    await broker.currentTime();
    const heard: string[] = [];
    broker.listen((event) => void heard.push(event.type));
    deepStrictEqual(heard, ["connection", "notice", "order-status"]);
    throws(() => broker.listen(() => {}), /there is a listener already/);
    await broker.close();
    deepStrictEqual(heard, ["connection", "notice", "order-status", "connection"]);
  })();
});

Deno.test("a connection nobody listens to does not grow without end", async () => {
  await rig({ onRequest: tellTime }, async ({ options, tws }) => {
    const { onEvent: _, ...silent } = options();
    const broker = await connectIb(silent);
    const status = encodeFrame(orderStatus());
    for (let i = 0; i < 10_001; i++) tws.peer.raw(status);
    await tws.peer.until(() => tws.open === 0);
    throws(() => broker.place(order()), /Nobody listens/);
  })();
});

Deno.test("a TWS that has stopped reading is not written to without end", async () => {
  await using tws = await HostileTws.listen({ onConnect: ({ socket }) => void socket.pause() });
  const clock = new WallClock();
  const link = await dial({ host: "127.0.0.1", port: tws.port, clock, connectTimeoutMs: 5_000 });
  const closed = Promise.withResolvers<LinkClosed>();
  link.receive({ frame: () => {}, closed: closed.resolve });
  const megabyte = new Uint8Array(1_000_000);
  for (let i = 0; i < 100 && !link.closed; i++) {
    link.write(megabyte);
    await new Promise<void>((resolve) => setImmediate(resolve));
  }
  strictEqual((await closed.promise).cause, "not-reading");
});

Deno.test("close()", async (t) => {
  await t.step(
    "ends with FIN, fails what waits, and leaves nothing alive",
    rig({}, async ({ connect, tws, events }) => {
      let ended = false;
      const broker = await connect({ heartbeatMs: 15_000 });
      tws.peer.socket.on("end", () => void (ended = true));
      const asked = rejects(
        broker.openOrders(),
        /openOrderEnd .*the connection is closed \(closed by us\)/,
      );
      broker.subscribe([AAPL]);
      await broker.close();
      await broker.close();
      await asked;
      ok(ended, "TWS saw a reset instead of a FIN");
      deepStrictEqual(states(events), ["connecting", "ready", "closed"]);
      throws(() => broker.place(order()), NotReadyError);
      await rejects(broker.currentTime(), NotReadyError);
    }),
  );
  await t.step("takes no time of the clock", async () => {
    await rig({}, async ({ connect, clock }) => {
      const broker = await connect();
      const startedAt = clock.now();
      clock.at(startedAt + 1, () => {});
      await broker.close();
      strictEqual(clock.now(), startedAt);
    })();
  });
  await t.step("delivers what was placed before it", async () => {
    await rig({}, async ({ connect, tws }) => {
      const broker = await connect();
      broker.place(order());
      await broker.close();
      strictEqual(tws.peer.requestsOf(3).length, 1);
    })();
  });
  await t.step("does not wait for ever for a TWS that never closes its side", async () => {
    await using tws = await HostileTws.listen({}, { allowHalfOpen: true });
    const broker = await connectIb({
      host: "127.0.0.1",
      port: tws.port,
      clientId: CLIENT_ID,
      clock: new WallClock(),
      connectTimeoutMs: 50,
      handshakeTimeoutMs: 2_000,
      answerTimeoutMs: 2_000,
    });
    await broker.close();
    strictEqual(tws.open, 1);
  });
});

Deno.test("connection codes", async (t) => {
  const onStart = (peer: Peer): void => peer.ready();
  const told = (code: number) => (expected: readonly string[]): () => Promise<void> =>
    rig({ onStart, onRequest: tellTime }, async ({ connect, tws, events }) => {
      const broker = await connect();
      tws.peer.send(4, 2, -1, code, "text", "");
      await broker.currentTime();
      deepStrictEqual(notices(events), [`${code} text`]);
      deepStrictEqual(states(events).slice(2), expected);
    });
  for (const code of [1100, 1300, 2110]) await t.step(`${code}`, told(code)(["upstream-lost"]));
  const quiet = [1101, 1102, 2103, 2104, 2105, 2106, 2107, 2108, 2119, 2157, 2158, 504, 10167];
  for (const code of quiet) await t.step(`${code}`, told(code)([]));
});

Deno.test("every code of the link, market data, history and orders has a meaning", () => {
  const link = [1100, 1101, 1102, 1300, 2110, 2103, 2105, 2157, 2104, 2106, 2158, 2107, 2108, 2119];
  const data = [2159, 354, 10089, 10090, 10091, 10167, 10168, 10186, 10187, 10189, 10197, 101, 420];
  const more = [2109, 2137, 2152, 2176, 200, 162, 165, 366, 326, 502, 504, 507, 100, 320, 321, 322];
  const orders = [103, 104, 105, 110, 161, 201, 202, 203, 399, 404, 434, 451, 460, 10015, 10311];
  for (const code of [...link, ...data, ...more, ...orders, 10147, 10148, 10149, 10349]) {
    const { meaning } = meaningOf(code);
    ok(!["Error of TWS", "Warning of TWS"].includes(meaning), `${code} is unknown`);
  }
  for (const code of [1100, 1300, 2110, 2103, 2105, 2157, 326, 502, 354, 10168, 10197, 321, 101]) {
    const { severity, remedy } = meaningOf(code);
    ok(severity !== "note" && remedy !== "", `${code} has no remedy`);
  }
  strictEqual(meaningOf(2104).severity, "note");
  strictEqual(meaningOf(2199).severity, "warning");
  strictEqual(meaningOf(9999).severity, "error");
});
