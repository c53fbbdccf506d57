import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import type { ServerMessage } from "../../lib/dashboard/feed.ts";
import { LiveHub, type LiveSocket, READERS_MAX } from "../../lib/dashboard/live.ts";
import { DashboardState } from "../../lib/dashboard/state.ts";
import { type View, viewOf } from "../../lib/dashboard/view.ts";
import { at, opened, sample, tradingDay } from "./entries.ts";
import { admit, upgradeHeaders, withDashboard } from "./rig.ts";
import { SURROUNDINGS } from "./view_of.ts";

/** A reader that keeps what it is sent; `bufferedAmount` is what a test says. */
class FakeSocket implements LiveSocket {
  bufferedAmount = 0;
  readonly heard: ServerMessage[] = [];
  closed: string | null = null;

  send(text: string): void {
    this.heard.push(JSON.parse(text));
  }

  close(code: number, reason: string): void {
    this.closed = `${code} ${reason}`;
  }

  get seqs(): readonly string[] {
    return this.heard.map((message) =>
      message.type === "pong" ? "pong" : `${message.type} ${message.seq}`
    );
  }
}

/** A ledger that grows by a sample with each `next()`. */
class Day {
  readonly #script = tradingDay();
  readonly #state = new DashboardState();
  #minute = 3;

  constructor() {
    for (const entry of this.#script.entries) this.#state.apply(entry, null);
  }

  view(): View {
    return viewOf(this.#state, SURROUNDINGS);
  }

  next(): View {
    const minute = ++this.#minute;
    return this.#write(sample(String(10_000 + minute), { AAPL: "103" }));
  }

  nextDay(): View {
    return this.#write(opened({ date: "2026-11-23" }));
  }

  #write(body: ReturnType<typeof opened>): View {
    const entry = this.#script.write(at(this.#minute), body).entries.at(-1);
    if (entry !== undefined) this.#state.apply(entry, null);
    return this.view();
  }
}

function subscribed(hub: LiveHub): FakeSocket {
  const socket = new FakeSocket();
  hub.add(socket, 0);
  hub.receive(socket, '{"type":"subscribe"}', 0);
  return socket;
}

Deno.test("a reader gets a snapshot, then deltas with consecutive numbers, and none when nothing changed", () => {
  const day = new Day();
  const hub = new LiveHub(day.view());
  const socket = subscribed(hub);
  hub.publish(day.next(), 200);
  hub.publish(day.view(), 400);
  hub.publish(day.next(), 600);
  deepStrictEqual(socket.seqs, ["snapshot 1", "delta 2", "delta 3"]);
});

Deno.test("a reader that subscribes again after a gap gets the whole state", () => {
  const day = new Day();
  const hub = new LiveHub(day.view());
  const socket = subscribed(hub);
  hub.publish(day.next(), 200);
  hub.receive(socket, '{"type":"subscribe"}', 1_000);
  deepStrictEqual(socket.seqs, ["snapshot 1", "delta 2", "snapshot 2"]);
  const last = socket.heard.at(-1);
  ok(last?.type === "snapshot" && last.streams.equity.at(-1)?.equity === "10004");
});

Deno.test("a slow reader gets nothing while it is behind and a snapshot when it has caught up; others notice nothing", () => {
  const day = new Day();
  const hub = new LiveHub(day.view());
  const [slow, quick] = [subscribed(hub), subscribed(hub)];
  slow.bufferedAmount = 600_000;
  hub.publish(day.next(), 200);
  slow.bufferedAmount = 1;
  hub.publish(day.next(), 400);
  slow.bufferedAmount = 0;
  hub.publish(day.view(), 600);
  hub.publish(day.next(), 800);
  deepStrictEqual(slow.seqs, ["snapshot 1", "snapshot 3", "delta 4"]);
  deepStrictEqual(quick.seqs, ["snapshot 1", "delta 2", "delta 3", "delta 4"]);
});

Deno.test("a reader that does not read for a minute is dropped", () => {
  const day = new Day();
  const hub = new LiveHub(day.view());
  const slow = subscribed(hub);
  slow.bufferedAmount = 600_000;
  hub.publish(day.next(), 1_000);
  hub.publish(day.next(), 61_000);
  strictEqual(slow.closed, null);
  hub.publish(day.next(), 61_001);
  strictEqual(slow.closed, "1013 too slow");
  strictEqual(hub.readers, 0);
});

Deno.test("when another day begins, readers get a snapshot: a delta cannot take rows away", () => {
  const day = new Day();
  const hub = new LiveHub(day.view());
  const socket = subscribed(hub);
  hub.publish(day.nextDay(), 200);
  deepStrictEqual(socket.seqs, ["snapshot 1", "snapshot 2"]);
});

Deno.test("whoever says anything but subscribe and ping is dropped, and hears nothing more", () => {
  const hostile: readonly (readonly [unknown, string])[] = [
    ["", "1008 only subscribe and ping"],
    ["null", "1008 only subscribe and ping"],
    ["[]", "1008 only subscribe and ping"],
    ['{"type":"halt"}', "1008 only subscribe and ping"],
    ['{"type":"subscribe","symbol":"AAPL"}', "1008 only subscribe and ping"],
    ['{"type":"ping","__proto__":{"x":1}}', "1008 only subscribe and ping"],
    ['{"type":"subscribe"', "1008 only subscribe and ping"],
    ["\u0000".repeat(256), "1008 only subscribe and ping"],
    ["x".repeat(257), "1009 message too long"],
    [new ArrayBuffer(8), "1003 text only"],
  ];
  const day = new Day();
  const hub = new LiveHub(day.view());
  for (const [data, reason] of hostile) {
    const socket = subscribed(hub);
    hub.receive(socket, data, 10);
    strictEqual(socket.closed, reason, String(data).slice(0, 40));
    hub.publish(day.next(), 200);
    deepStrictEqual(socket.seqs.filter((seq) => seq.startsWith("delta")), []);
  }
});

Deno.test("a flood of messages ends the connection that sends it", () => {
  const hub = new LiveHub(new Day().view());
  const socket = subscribed(hub);
  for (let i = 0; i < 40; i++) hub.receive(socket, '{"type":"subscribe"}', 1);
  strictEqual(socket.closed, "1008 too many messages");
  strictEqual(socket.heard.length, 20);
});

Deno.test("pings are answered with the server's time, also before a subscription", () => {
  const hub = new LiveHub(new Day().view());
  const socket = new FakeSocket();
  hub.add(socket, 0);
  hub.receive(socket, '{"type":"ping"}', 1_234);
  deepStrictEqual(socket.heard, [{ type: "pong", now: 1_234 }]);
});

Deno.test("the number of readers is capped", () => {
  const hub = new LiveHub(new Day().view());
  for (let i = 0; i < READERS_MAX; i++) {
    strictEqual(hub.isFull, false);
    hub.add(new FakeSocket(), 0);
  }
  strictEqual(hub.isFull, true);
});

Deno.test("one that was dropped and does not go counts among the readers until it is gone", () => {
  const hub = new LiveHub(new Day().view());
  const dropped = Array.from({ length: READERS_MAX }, () => subscribed(hub));
  for (const socket of dropped) hub.receive(socket, "order", 1);
  deepStrictEqual([hub.readers, hub.isFull], [0, true]);
  for (const socket of dropped) hub.remove(socket);
  strictEqual(hub.isFull, false);
});

/** The next message of a socket. */
function next(socket: WebSocket): Promise<ServerMessage> {
  return new Promise((resolve, reject) => {
    socket.onmessage = ({ data }) => resolve(JSON.parse(data));
    socket.onclose = ({ code, reason }) => reject(new Error(`Closed: ${code} ${reason}`));
  });
}

function open(port: number, cookie: string): WebSocket {
  const { origin, ...rest } = upgradeHeaders(port, cookie);
  const headers = { origin: origin ?? "", cookie: rest["cookie"] ?? "" };
  // Deno's second argument; a browser's types, which other modules of a whole check bring along, do not know it.
  return Reflect.construct(WebSocket, [`ws://127.0.0.1:${port}/live`, { headers }]);
}

Deno.test("over the wire: a snapshot of the ledger, then what the session writes while it is watched", async () => {
  await withDashboard({ entries: tradingDay().entries }, async (rig) => {
    const socket = open(rig.port, await admit(rig));
    socket.onopen = () => socket.send('{"type":"subscribe"}');
    let message = await next(socket);
    ok(message.type === "snapshot");
    strictEqual(message.panels.session?.opened?.mode, "paper");
    rig.ledger.append("2026-11-20-1", at(4), [sample("10039", { AAPL: "104" })]);
    do message = await next(socket); while (
      message.type !== "delta" || message.streams.equity === undefined
    );
    strictEqual(message.panels.account?.equity.value, "10039");
    const [point] = message.streams.equity;
    deepStrictEqual([point?.equity, point?.at], ["10039", at(4)]);
    const { equity } = message.panels.account ?? {};
    ok(equity !== undefined && equity.value !== null && equity.stamp.seenAt !== null);
    const closed = new Promise((resolve) => socket.onclose = resolve);
    socket.close();
    await closed;
  });
});

Deno.test("a hundred readers and one that never reads all end when the server does", async () => {
  await withDashboard({ entries: tradingDay().entries }, async (rig) => {
    const cookie = await admit(rig);
    const sockets = Array.from({ length: 100 }, () => open(rig.port, cookie));
    await Promise.all(sockets.map(async (socket) => {
      socket.onopen = () => socket.send('{"type":"subscribe"}');
      strictEqual((await next(socket)).type, "snapshot");
    }));
    using mute = await Deno.connect({ hostname: "127.0.0.1", port: rig.port });
    await mute.write(upgradeRequest(rig.port, cookie));
    const closed = sockets.map((socket) => new Promise((resolve) => socket.onclose = resolve));
    await rig.dashboard.close();
    await Promise.all(closed);
  });
});

/** Bytes of frames that no honest client sends; a mask of zeros leaves a payload as it is. */
const RAW: readonly (readonly [string, readonly number[]])[] = [
  ["not masked", [0x81, 0x02, 0x7b, 0x7d]],
  ["of a reserved kind", [0x83, 0x80, 0, 0, 0, 0]],
  ["with reserved bits", [0xf1, 0x80, 0, 0, 0, 0]],
  ["a ping that is too long", [0x89, 0xfe, 0x00, 0x7e, 0, 0, 0, 0, ...new Array(126).fill(0)]],
  ["a continuation of nothing", [0x80, 0x80, 0, 0, 0, 0]],
  ["text that is no UTF-8", [0x81, 0x82, 0, 0, 0, 0, 0xc3, 0x28]],
  ["longer than there is memory", [0x81, 0xff, 0x7f, ...new Array(7).fill(0xff), 0, 0, 0, 0]],
  ["binary", [0x82, 0x81, 0, 0, 0, 0, 1]],
];

Deno.test("a client that breaks the protocol itself is cut off, and the others go on", async () => {
  await withDashboard({ entries: tradingDay().entries }, async (rig) => {
    const cookie = await admit(rig);
    const honest = open(rig.port, cookie);
    honest.onopen = () => honest.send('{"type":"subscribe"}');
    strictEqual((await next(honest)).type, "snapshot");
    for (const [what, bytes] of RAW) {
      using raw = await Deno.connect({ hostname: "127.0.0.1", port: rig.port });
      await raw.write(upgradeRequest(rig.port, cookie));
      await raw.read(new Uint8Array(4_096));
      await raw.write(new Uint8Array(bytes));
      ok(await ends(raw), what);
    }
    rig.ledger.append("2026-11-20-1", at(4), [sample("10039", { AAPL: "104" })]);
    let message = await next(honest);
    while (message.type !== "delta" || message.panels.account === undefined) {
      message = await next(honest);
    }
    strictEqual(message.panels.account.equity.value, "10039");
    const closed = new Promise((resolve) => honest.onclose = resolve);
    honest.close();
    await closed;
  });
});

function upgradeRequest(port: number, cookie: string): Uint8Array<ArrayBuffer> {
  const lines = Object.entries(upgradeHeaders(port, cookie)).map(([k, v]) => `${k}: ${v}\r\n`);
  const host = `host: 127.0.0.1:${port}\r\n`;
  return new TextEncoder().encode(`GET /live HTTP/1.1\r\n${host}${lines.join("")}\r\n`);
}

/** The first byte of a frame that closes. */
const CLOSE_FRAME = 0x88;

/** True when the other side says that it closes, or does. */
async function ends(connection: Deno.Conn): Promise<boolean> {
  const buffer = new Uint8Array(4_096);
  try {
    return await connection.read(buffer) === null || buffer[0] === CLOSE_FRAME;
  } catch (error) {
    if (error instanceof Deno.errors.ConnectionReset) return true;
    throw error;
  }
}
