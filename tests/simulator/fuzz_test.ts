import assert from "node:assert/strict";
import { parseMicros } from "../../lib/money.ts";
import { Random } from "../../lib/simulator/random.ts";
import { encodeRequest } from "../../lib/wire/requests.ts";
import { sampleRequests } from "../wire/sample_requests.ts";
import { cancelling, placing, quoting, type RawClient, withGateway } from "./raw_client.ts";

/** `deno task gateway:fuzz` takes 100,000. */
const MUTATIONS = Number(Deno.env.get("MUTATIONS") ?? 10_000);
/** Orders and executions are kept for ever, some hundred bytes for each mutation that became one. */
const GROWTH_MAX_BYTES = 100 * MUTATIONS + 5_000_000;
/** Frames sent before the Gateway is given time to answer. */
const BATCH = 50;
const SEED = 20261120;
const m = parseMicros;

const WEIRD = [
  "",
  "-1",
  "0",
  "NaN",
  "Infinity",
  "2147483647",
  "2147483648",
  "-2147483649",
  "9223372036854775807",
  "170141183460469231731687303715884105727",
  "1.7976931348623157e+308",
  "1e400",
  "0.0000001",
  "20261399 25:61:61 Nowhere/Else",
  "\u{1F4A5}é",
  "A".repeat(5000),
  "1;2;3=4;",
];

/** A valid frame; `id` is larger every time. */
type Maker = (id: number) => Uint8Array;

/** Valid frames that reach deep: one of every request, and orders that are accepted and filled. */
function makers(): Maker[] {
  const samples = Object.values(sampleRequests(178))
    .filter(({ type }) => type !== "reqCurrentTimeInMillis")
    .map((request): Maker => () => encodeRequest(request, 178));
  const buy = { action: "BUY", totalQuantity: m("3") };
  const sell = { action: "SELL", totalQuantity: m("1") };
  const orders = [
    (id: number) => placing(id, "AAPL", { ...buy, orderType: "MKT" }),
    (id: number) => placing(id, "ELTP", { ...buy, orderType: "LMT", lmtPrice: m("0.51") }),
    (id: number) => placing(id, "GM", { ...sell, orderType: "STP", auxPrice: m("9") }),
    (id: number) => placing(id, "GM", { ...buy, orderType: "MKT", whatIf: true }),
    (id: number) =>
      placing(id, "MSFT", { ...sell, orderType: "STP", auxPrice: m("9"), parentId: id - 1 }),
    (id: number) => cancelling(id - 1),
    (id: number) => quoting(id, "TSLA"),
  ];
  return [...samples, ...orders.map((make): Maker => (id) => encodeRequest(make(id), 178))];
}

/** Changes a frame's fields, its bytes, or its length. */
function mutated(frame: Uint8Array, random: Random): Uint8Array {
  const pick = (count: number): number => Math.floor(random.next() * count);
  const kind = pick(10);
  if (kind < 7) {
    const fields = new TextDecoder().decode(frame.subarray(4)).split("\0").slice(0, -1);
    const index = pick(fields.length);
    if (kind < 4) fields[index] = WEIRD[pick(WEIRD.length)] ?? "";
    else if (kind === 4) fields.splice(index, 1);
    else if (kind === 5) fields.splice(index, 0, WEIRD[pick(WEIRD.length)] ?? "");
    else fields.length = index + 1;
    return framed(new TextEncoder().encode(fields.map((field) => `${field}\0`).join("")));
  }
  const bytes = Uint8Array.from(frame);
  if (kind === 7) {
    bytes[4 + pick(bytes.length - 4)] = pick(256);
    return bytes;
  }
  // Rare, because it ends the connection: a broken length, or half a frame.
  if (pick(200) > 0) return bytes;
  if (kind === 8) bytes[pick(4)] = pick(256);
  return kind === 8 ? bytes : bytes.subarray(0, pick(bytes.length));
}

function framed(payload: Uint8Array): Uint8Array {
  const frame = new Uint8Array(4 + payload.length);
  new DataView(frame.buffer).setUint32(0, payload.length);
  frame.set(payload, 4);
  return frame;
}

/** Of live objects; 0 in a process that cannot be told to collect. */
function liveBytes(): number {
  const gc: unknown = Reflect.get(globalThis, "gc");
  if (typeof gc !== "function") return 0;
  // What one collection finds dead holds on to more.
  gc();
  gc();
  return Deno.memoryUsage().heapUsed + Deno.memoryUsage().external;
}

Deno.test(`${MUTATIONS} mutations of valid frames neither stop the Gateway nor disturb another client`, async () => {
  await withGateway({ from: "09:40" }, async ({ connect, gateway }) => {
    const random = Random.seeded(SEED);
    const make = makers();
    const bystander = await connect({ clientId: 1 });
    let settledBytes = 0;
    let quotes = 0;
    /** What the bystander has heard is looked at and let go. */
    const listen = (): void => {
      quotes += bystander.of("tickPrice").length;
      assert.deepEqual(bystander.of("error").filter(({ id }) => id > 0), []);
      bystander.received.length = 0;
    };
    await bystander.reply("nextValidId");
    bystander.send(quoting(1, "AAPL"));
    let attacker: RawClient = await connect({ clientId: 666 });
    let connections = 1;
    for (let sent = 0; sent < MUTATIONS; sent++) {
      const frame = make[Math.floor(random.next() * make.length)]?.(sent + 1);
      assert.ok(frame);
      const bytes = mutated(frame, random);
      if (!attacker.isClosed && bytes.length > 0) attacker.write(bytes);
      if (sent === MUTATIONS / 2) settledBytes = liveBytes();
      if (sent % BATCH !== 0) continue;
      await bystander.pass(1000);
      const isStuck = attacker.received.length === 0;
      attacker.received.length = 0;
      listen();
      if (!attacker.isClosed && !isStuck) continue;
      // Half a frame swallows what follows it; TWS would wait for its end as well.
      attacker.close();
      await bystander.pass(10);
      attacker = await connect({ clientId: 666 });
      connections++;
    }
    assert.ok(quotes > 100, `${quotes} quotes`);
    assert.ok(connections > 3, `${connections} connections`);
    attacker.close();
    bystander.send({ type: "reqCurrentTime" });
    await bystander.reply("currentTime");
    listen();
    assert.equal(gateway.statistics().clients, 1);
    const grownBytes = liveBytes() - settledBytes;
    assert.ok(grownBytes < GROWTH_MAX_BYTES, `${grownBytes} bytes more after the second half`);
    const { orders, executions } = gateway.truth();
    assert.ok(orders.length > 50 && executions.length > 10, `${orders.length} orders`);
  });
});
