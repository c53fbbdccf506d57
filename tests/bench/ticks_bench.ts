import { IBApi } from "@stoqey/ib/dist/api/api.js";
import { EventName } from "@stoqey/ib/dist/api/data/enum/event-name.js";
import { connectIb } from "../../lib/broker/ib.ts";
import { WallClock } from "../../lib/clock.ts";
import { encodeFrame } from "../../lib/wire/frame.ts";
import { HostileTws } from "../broker/hostile_tws.ts";
import { AAPL, tellTime } from "../broker/rig.ts";

/**
 * Ticks over loopback until the last one has been handled: by the broker, which checks them and makes quotes of
 * them, and by the package alone. Run with `deno bench -P=tests tests/bench/ticks_bench.ts`.
 */

const TICKS = 40_000;

/** Price and size, changing each time, as TWS sends them. */
function ticks(reqId: string): Uint8Array {
  const frames: Uint8Array[] = [];
  for (let i = 0; i < TICKS / 2; i++) {
    const [priceTick, sizeTick] = i % 2 === 0 ? [1, 0] : [2, 3];
    const price = (182 + (i % 100) / 100).toFixed(2);
    frames.push(encodeFrame([1, 6, reqId, priceTick, price, 100 + i % 7, 1]));
    frames.push(encodeFrame([2, 6, reqId, sizeTick, 100 + i % 7]));
  }
  const bytes = new Uint8Array(frames.reduce((sum, frame) => sum + frame.length, 0));
  let offset = 0;
  for (const frame of frames) {
    bytes.set(frame, offset);
    offset += frame.length;
  }
  return bytes;
}

const LIMITS = { connectTimeoutMs: 5e3, handshakeTimeoutMs: 5e3, answerTimeoutMs: 6e4 } as const;

Deno.bench({
  name: `broker: ${TICKS} ticks`,
  group: "ticks",
  baseline: true,
  fn: async (b) => {
    await using tws = await HostileTws.listen({ onRequest: tellTime });
    const target = { host: "127.0.0.1", port: tws.port, clientId: 7, clock: new WallClock() };
    const broker = await connectIb({ ...target, ...LIMITS, onEvent: () => {} });
    broker.subscribe([AAPL]);
    await broker.currentTime();
    const bytes = ticks(tws.peer.requestsOf(1)[0]?.[2] ?? "");
    b.start();
    tws.peer.raw(bytes);
    await broker.currentTime();
    b.end();
    await broker.close();
  },
});

Deno.bench({
  name: `package alone: ${TICKS} ticks`,
  group: "ticks",
  fn: async (b) => {
    await using tws = await HostileTws.listen({ onRequest: tellTime });
    const target = { host: "127.0.0.1", port: tws.port, clientId: 7, maxReqPerSec: 1_000 };
    const ib = new IBApi(target);
    const ready = Promise.withResolvers<void>();
    const done = Promise.withResolvers<void>();
    ib.on(EventName.nextValidId, () => ready.resolve());
    ib.on(EventName.currentTime, () => done.resolve());
    ib.on(EventName.tickPrice, () => {});
    ib.on(EventName.tickSize, () => {});
    ib.connect();
    await ready.promise;
    const bytes = ticks("7");
    b.start();
    tws.peer.raw(bytes);
    ib.reqCurrentTime();
    await done.promise;
    b.end();
    ib.disconnect();
  },
});
