import assert from "node:assert/strict";
import { WallClock } from "../../lib/clock.ts";
import { blindLooker, type Looker, seen } from "../../lib/probe/looker.ts";
import { encodeServerGreeting } from "../../lib/wire/greeting.ts";
import { listen, miniGateway } from "./mini_gateway.ts";
import { codesOf, run } from "./run.ts";

/** Ten times as fast, so that waiting for seconds takes tenths. */
function fastClock(): WallClock {
  return new WallClock({ speed: 20 });
}

const BLIND = blindLooker("this test looks at nothing");

Deno.test("wait: a listener that is not there yet is waited for, without a connection", async () => {
  await using gateway = miniGateway();
  let looks = 0;
  const listener = {
    state: "LISTEN",
    local: { address: "127.0.0.1", port: gateway.port },
    peer: null,
    unreadBytes: null,
    queue: null,
    accepted: null,
    owner: null,
  } as const;
  const looker: Looker = {
    ...BLIND,
    sockets: () => Promise.resolve(seen(++looks < 3 ? [] : [listener])),
  };
  const waitedFor: string[] = [];
  const report = await run({
    port: gateway.port,
    timeoutMs: 10_000,
    waitMs: 60_000,
    only: "accounts",
  }, {
    clock: fastClock(),
    looker,
    onProgress: ({ text }) => waitedFor.push(text),
  });
  assert.equal(report.verdict, "ready");
  assert.equal(gateway.guests.length, 1);
  assert.deepEqual(waitedFor.slice(0, 2), [
    `waiting for port ${gateway.port}`,
    `waiting for port ${gateway.port}`,
  ]);
});

Deno.test("wait: patience that ends before a listener appears ends without a connection", async () => {
  await using gateway = miniGateway();
  const looker: Looker = { ...BLIND, sockets: () => Promise.resolve(seen([])) };
  const report = await run({ port: gateway.port, waitMs: 2_000 }, { clock: fastClock(), looker });
  assert.equal(report.verdict, "not-ready");
  assert.equal(gateway.guests.length, 0);
  assert.ok(report.elapsedMs >= 2_000);
});

Deno.test("C18: wait: an answer that comes on a click is taken on the same connection, and named", async () => {
  const { promise: click, resolve: clickNow } = Promise.withResolvers<void>();
  await using healthy = miniGateway();
  await using dialog = listen(async (connection, piece) => {
    if (piece.length !== 17) return;
    await click;
    await connection.write(encodeServerGreeting({ serverVersion: 178, connectionTime: "" }));
  });
  const report = await run({
    port: dialog.port,
    timeoutMs: 5_000,
    waitMs: 60_000,
    only: "handshake",
  }, {
    clock: fastClock(),
    looker: BLIND,
    onProgress: ({ text }) => {
      if (text.includes("look for a dialog")) clickNow();
    },
  });
  assert.equal(healthy.guests.length, 0);
  assert.equal(dialog.guests.length, 1);
  assert.equal(report.session?.serverVersion, 178);
  assert.equal(report.checks.find(({ id }) => id === "handshake")?.status, "warn");
});

Deno.test("wait: a Gateway that closes at once while it starts is asked again, three times at most", async () => {
  await using server = listen((connection, piece) => {
    if (piece.length > 0) connection.close();
  });
  const report = await run({ port: server.port, timeoutMs: 5_000, waitMs: 60_000 }, {
    clock: fastClock(),
    looker: BLIND,
  });
  assert.equal(server.guests.length, 3);
  assert.equal(codesOf(report)[0], "closed-at-once");
});

Deno.test("the verdict on silence comes at the time limit, not later", async () => {
  await using server = listen(() => {});
  const report = await run({ port: server.port, timeoutMs: 5_000 }, {
    clock: fastClock(),
    looker: BLIND,
  });
  assert.ok(report.elapsedMs >= 5_000 && report.elapsedMs < 6_000, `${report.elapsedMs} ms`);
});
