import assert from "node:assert/strict";
import { WallClock } from "../../lib/clock.ts";
import { parseMicros } from "../../lib/money.ts";
import { parseFault } from "../../lib/simulator/faults.ts";
import { startGateway } from "../../lib/simulator/gateway.ts";
import { encodeClientGreeting } from "../../lib/wire/greeting.ts";
import { DATE, placing, quoting, type RawClient, withGateway } from "./raw_client.ts";

const m = parseMicros;

Deno.test("parseFault() reads arguments and names what it does not know", () => {
  assert.deepEqual(parseFault("late-answer=ms:2500"), { name: "late-answer", args: { ms: 2500 } });
  assert.deepEqual(parseFault("missing-end=of:open-orders"), {
    name: "missing-end",
    args: { of: "open-orders" },
  });
  assert.throws(() => parseFault("late-anwser"), /Unknown fault "late-anwser": use --list-faults/);
  assert.throws(
    () => parseFault("late-answer=seconds:3"),
    /Unknown argument "seconds" of fault "late-answer": it takes ms/,
  );
  assert.throws(() => parseFault("late-answer=ms:soon"), /Cannot give "soon" as ms/);
});

Deno.test("never-accept: the kernel takes the connection, and nobody reads or answers", async () => {
  const gateway = await startGateway({
    clock: new WallClock(),
    port: 0,
    seed: 1,
    date: DATE,
    faults: [{ name: "never-accept" }],
  });
  try {
    using connection = await Deno.connect({ hostname: "127.0.0.1", port: gateway.port });
    const greeting = { minVersion: 100, maxVersion: 178, connectOptions: "" };
    assert.equal(await connection.write(encodeClientGreeting(greeting)), 17);
  } finally {
    await gateway.close();
  }
});

for (const name of ["silent", "never-read"]) {
  Deno.test(`${name}: the greeting is never answered`, async () => {
    const gateway = await startGateway({
      clock: new WallClock(),
      port: 0,
      seed: 1,
      date: DATE,
      faults: [{ name }],
    });
    try {
      using connection = await Deno.connect({ hostname: "127.0.0.1", port: gateway.port });
      const greeting = { minVersion: 100, maxVersion: 178, connectOptions: "" };
      await connection.write(encodeClientGreeting(greeting));
      const answer = connection.read(new Uint8Array(100))
        .catch((error: Error) => error.name);
      await gateway.close();
      // The first thing it ever hears is the end, as FIN, or as RST when its bytes were left unread.
      const end = await answer;
      assert.ok(end === null || end === "ConnectionReset", `${end}`);
    } finally {
      await gateway.close();
    }
  });
}

/** What a client has heard once it has been quiet, or closed, for a minute. */
async function heard(
  fault: string,
  act: (client: RawClient) => void = () => {},
): Promise<{ readonly client: RawClient; readonly closedAfterMs: number | null }> {
  let result: { client: RawClient; closedAfterMs: number | null } | undefined;
  await withGateway({ from: "09:40", faults: [parseFault(fault)] }, async ({ connect, clock }) => {
    const beganAt = clock.now();
    let closedAfterMs: number | null = null;
    const client = await connect({ start: false });
    await Promise.race([client.until(() => client.serverVersion > 0), client.pass(30_000)]);
    if (client.serverVersion > 0) {
      client.send({ type: "startApi", clientId: 1, optionalCapabilities: "" });
      await client.pass(1);
      if (!client.isClosed) act(client);
    }
    await Promise.race([client.until(() => client.isClosed), client.pass(60_000)]);
    if (client.isClosed) closedAfterMs = clock.now() - beganAt;
    result = { client, closedAfterMs };
  });
  assert.ok(result);
  return result;
}

function kinds(client: RawClient): string[] {
  return client.received.map(({ reply }) =>
    reply.type === "error" ? `error ${reply.code}` : reply.type
  );
}

Deno.test("old-server speaks its version", async () => {
  const { client } = await heard("old-server=version:76");
  assert.equal(client.serverVersion, 0);
  assert.equal((await heard("old-server=version:150")).client.serverVersion, 150);
});

Deno.test("late-answer answers the greeting late, and then all is well", async () => {
  await withGateway(
    { from: "09:40", faults: [parseFault("late-answer=ms:6000")] },
    async (world) => {
      const beganAt = world.clock.now();
      const client = await world.connect();
      await client.reply("nextValidId");
      assert.equal(world.clock.now() - beganAt, 6000);
    },
  );
});

Deno.test("close-after-start says nothing and closes half a second later", async () => {
  const { client, closedAfterMs } = await heard("close-after-start");
  assert.deepEqual(kinds(client), []);
  assert.equal(closedAfterMs, 500);
});

Deno.test("paper-disclaimer says 10141 and is silent", async () => {
  const { client, closedAfterMs } = await heard("paper-disclaimer");
  assert.deepEqual(kinds(client), ["error 10141"]);
  assert.equal(closedAfterMs, null);
});

Deno.test("client-id-in-use closes with 326, or without a word", async () => {
  assert.deepEqual(kinds((await heard("client-id-in-use")).client), ["error 326"]);
  const mute = await heard("client-id-in-use=message:0");
  assert.deepEqual(kinds(mute.client), []);
  assert.equal(mute.closedAfterMs, 100);
});

Deno.test("start data with a part missing", async () => {
  const farms = ["error 2104", "error 2106", "error 2158"];
  assert.deepEqual(kinds((await heard("no-accounts")).client), ["nextValidId", ...farms]);
  const empty = (await heard("no-accounts=empty:1")).client;
  assert.equal(empty.of("managedAccounts")[0]?.accounts, "");
  assert.deepEqual(kinds((await heard("no-valid-id")).client), ["managedAccounts", ...farms]);
  assert.deepEqual(kinds((await heard("start-unanswered")).client), []);
});

Deno.test("upstream-lost says 1100 and withholds the start data until it is restored", async () => {
  assert.deepEqual(kinds((await heard("upstream-lost")).client), ["error 1100"]);
  assert.deepEqual(kinds((await heard("upstream-lost=ms:5000,restored:1101")).client).slice(0, 4), [
    "error 1100",
    "error 1101",
    "managedAccounts",
    "nextValidId",
  ]);
});

Deno.test("read-only refuses orders, ids and even open orders with 321", async () => {
  const { client } = await heard("read-only", (client) => {
    client.send({ type: "reqOpenOrders" });
    client.send(placing(4, "AAPL", { action: "BUY", totalQuantity: m("1"), orderType: "MKT" }));
    client.send({ type: "reqPositions" });
  });
  assert.equal(client.errors(4)[0]?.code, 321);
  assert.match(client.errors(4)[0]?.text ?? "", /currently in Read-Only mode\.$/);
  assert.equal(client.errors(-1).filter(({ code }) => code === 321).length, 1);
  assert.equal(client.of("positionEnd").length, 1);
});

Deno.test("competing-session and not-subscribed refuse market data", async () => {
  const ask = (client: RawClient): void => client.send(quoting(9, "AAPL"));
  assert.equal((await heard("competing-session", ask)).client.errors(9)[0]?.code, 10197);
  assert.equal((await heard("not-subscribed", ask)).client.errors(9)[0]?.code, 354);
});

Deno.test("missing-end leaves out the end and nothing else", async () => {
  const { client } = await heard("missing-end=of:open-orders", (client) => {
    client.send({ type: "reqOpenOrders" });
    client.send({ type: "reqPositions" });
  });
  assert.equal(client.of("openOrderEnd").length, 0);
  assert.equal(client.of("positionEnd").length, 1);
});

Deno.test("lost-ack takes the order, says nothing, and is gone; the next connection finds it", async () => {
  await withGateway({ from: "09:40", faults: [parseFault("lost-ack")] }, async (world) => {
    const client = await world.connect();
    await client.reply("nextValidId");
    const before = client.received.length;
    client.send(
      placing(1, "GM", {
        action: "BUY",
        totalQuantity: m("1"),
        orderType: "LMT",
        lmtPrice: m("10"),
      }),
    );
    await client.until(() => client.isClosed);
    assert.equal(client.received.length, before);
    const again = await world.connect();
    await again.reply("nextValidId");
    again.send({ type: "reqOpenOrders" });
    await again.reply("openOrderEnd");
    assert.equal(again.of("openOrder").length, 1);
  });
});

Deno.test("cut-at-byte cuts the stream within a frame, in either direction", async () => {
  const out = await heard("cut-at-byte=bytes:60");
  assert.ok(out.client.isClosed);
  assert.ok(out.client.received.length < 5, `${out.client.received.length} replies`);
  const incoming = await heard("cut-at-byte=bytes:20,direction:in");
  assert.ok(incoming.client.isClosed);
  assert.deepEqual(kinds(incoming.client), []);
});

Deno.test("close-at-once and close-later close before any answer", async () => {
  assert.equal((await heard("close-at-once")).client.serverVersion, 0);
  const later = await heard("close-later=ms:700");
  assert.equal(later.client.serverVersion, 0);
  assert.ok(later.client.isClosed);
});
