import { strictEqual } from "node:assert/strict";
import fc from "fast-check";
import { NotReadyError } from "../../lib/broker/broker.ts";
import { connectIb } from "../../lib/broker/ib.ts";
import { WallClock } from "../../lib/clock.ts";
import { EMPTY_ORDER_CONTRACT } from "../../lib/wire/contract.ts";
import { encodeFrame } from "../../lib/wire/frame.ts";
import { UNSET_ORDER } from "../../lib/wire/order_defaults.ts";
import { HostileTws } from "./hostile_tws.ts";
import { CLIENT_ID, rig, START_MS, states, tellTime } from "./rig.ts";
import {
  contractDetails,
  execDetails,
  fieldsOf,
  history,
  openOrder,
  orderStatus,
  positionRow,
} from "./words.ts";

/** Whatever is done to a message, or to the stream of them, the process and the messages around it survive. */

const MESSAGES: readonly string[][] = [
  openOrder(),
  orderStatus(),
  execDetails(),
  contractDetails(10_000_000),
  positionRow("DU1", 1, "100"),
  history(10_000_000, 3, START_MS),
  fieldsOf({
    type: "completedOrder",
    contract: EMPTY_ORDER_CONTRACT,
    order: { ...UNSET_ORDER, action: "BUY", permId: 1, orderType: "LMT" },
    status: "Filled",
    completedTime: "",
    completedStatus: "",
  }),
  [1, 6, 10_000_000, 1, "182.94", 100, 1],
  [2, 6, 10_000_000, 0, 100],
  [4, 2, 5, 201, "Order rejected", "{}"],
  [45, 6, 10_000_000, 49, 1],
  [50, 3, 10_000_001, START_MS / 1000, 1, 2, 1, 2, 100, "1.5", 3],
  [58, 1, 10_000_000, 3],
  [59, 1, "a.01", "1", "USD", "0", "", 0],
  [63, 1, 10_000_000, "DU1", "NetLiquidation", "1", "USD"],
].map((fields) => fields.map(String));

const JUNK = fc.oneof(
  fc.constantFrom("", "-1", "0", "x", "NaN", "Infinity", "-", "1e308", "2147483647", "4294967295"),
  fc.constantFrom("1.7976931348623157E308", "9007199254740993", "\\u00", "\\u0041\\u", "\u00e9"),
  fc.string({ maxLength: 20 }).map((text) => text.replaceAll("\0", "")),
);

/** A well-formed message with some fields replaced, and cut or lengthened. */
const MANGLED = fc.tuple(
  fc.constantFrom(...MESSAGES),
  fc.array(fc.tuple(fc.nat(150), JUNK), { maxLength: 4 }),
  fc.option(fc.nat(150), { nil: null }),
  fc.array(JUNK, { maxLength: 3 }),
).map(([message, changes, length, tail]) => {
  const fields = [...message];
  for (const [index, junk] of changes) fields[1 + index % (fields.length - 1)] = junk;
  return [...fields.slice(0, length === null ? fields.length : 1 + length), ...tail];
});

Deno.test(
  "no mangled message costs more than itself",
  rig({ onRequest: tellTime }, async ({ connect, tws, events }) => {
    const broker = await connect();
    const check = fc.asyncProperty(fc.array(MANGLED, { maxLength: 20 }), async (messages) => {
      events.length = 0;
      for (const message of messages) tws.peer.raw(encodeFrame(message));
      strictEqual(await broker.currentTime(), START_MS);
      strictEqual(states(events).includes("closed"), false);
    });
    await fc.assert(check, { numRuns: 300 });
  }),
);

Deno.test("a stream cut at any byte of the start is an error or a ready broker, never a hang", async () => {
  const stream = [
    encodeFrame([178, "20260402 09:30:00 EST"]),
    encodeFrame([15, 1, "DU1"]),
    encodeFrame([9, 1, 1]),
  ];
  const [greeting = new Uint8Array(), ...start] = stream;
  const startBytes = start.reduce((sum, { length }) => sum + length, 0);
  const clock = new WallClock();
  let cut = 0;
  await using tws = await HostileTws.listen({
    onGreeting: (peer) => {
      peer.raw(greeting.subarray(0, cut));
      if (cut < greeting.length) peer.hangUp();
    },
    onStart: (peer) => {
      const bytes = new Uint8Array(start.flatMap((frame) => [...frame]));
      peer.raw(bytes.subarray(0, cut - greeting.length));
      peer.hangUp();
    },
  });
  for (cut = 0; cut <= greeting.length + startBytes; cut++) {
    const connecting = connectIb({
      host: "127.0.0.1",
      port: tws.port,
      clientId: CLIENT_ID,
      clock,
      connectTimeoutMs: 5_000,
      handshakeTimeoutMs: 5_000,
      answerTimeoutMs: 5_000,
    });
    const missing = await connecting.then(
      (broker) => broker.close().then(() => "nothing"),
      (error) => error instanceof NotReadyError ? error.missing : Promise.reject(error),
    );
    const expected = cut < greeting.length
      ? "server-version"
      : cut < greeting.length + startBytes
      ? "nextValidId"
      : "nothing";
    strictEqual(missing, expected, `cut at byte ${cut}`);
  }
});
