import { deepStrictEqual, match, ok, rejects, strictEqual } from "node:assert/strict";
import { encodeFrame, framePayload } from "../../lib/wire/frame.ts";
import { AAPL, notices, ofType, rig, states } from "./rig.ts";
import { history } from "./words.ts";

/** Frames cut, glued, too long, too short or without end, in the middle of a session. */

const TIME = encodeFrame([49, 1, 1_775_136_600]);
const TIME_MS = 1_775_136_600_000;

/** Answers the time with these pieces, each its own write. */
function timeInPieces(
  pieces: readonly Uint8Array[],
): (body: (ms: number) => void) => () => Promise<void> {
  return (body) =>
    rig({
      onRequest: (_, peer) => {
        for (const piece of pieces) peer.raw(piece);
      },
    }, async ({ connect }) => body(await (await connect()).currentTime()));
}

Deno.test("a message may come in any pieces", async (t) => {
  const bytes = [...TIME].map((byte) => new Uint8Array([byte]));
  const cuts = { "byte by byte": bytes, "halves": [TIME.subarray(0, 7), TIME.subarray(7)] };
  for (const [name, pieces] of Object.entries(cuts)) {
    await t.step(name, timeInPieces(pieces)((ms) => strictEqual(ms, TIME_MS)));
  }
});

Deno.test(
  "half a message and then silence: the question fails in its time, the rest still arrives",
  rig({}, async ({ connect, tws }) => {
    const broker = await connect();
    const asked = broker.currentTime();
    await tws.peer.until(() => tws.peer.requestsOf(49).length === 1);
    tws.peer.raw(TIME.subarray(0, 9));
    await rejects(asked, /No answer within 4000 ms: currentTime \(49\)/);
    tws.peer.raw(TIME.subarray(9));
    const again = broker.currentTime();
    await tws.peer.until(() => tws.peer.requestsOf(49).length === 2);
    tws.peer.send(49, 1, 1_775_136_700);
    // The late answer belongs to the first question and is dropped.
    strictEqual(await again, 1_775_136_700_000);
  }),
);

Deno.test(
  "half a message and then FIN: the connection is closed and every question with it",
  rig({}, async ({ connect, tws, events }) => {
    const broker = await connect();
    const asked = broker.positions();
    await tws.peer.until(() => tws.peer.requestsOf(61).length === 1);
    tws.peer.raw(TIME.subarray(0, 9));
    tws.peer.hangUp();
    await rejects(asked, /No positionEnd \(62\): the connection is closed \(TWS closed the link\)/);
    deepStrictEqual(states(events), ["connecting", "ready", "closed"]);
  }),
);

Deno.test("a frame boundary that is lost closes the link instead of hanging it", async (t) => {
  const lost: Record<string, number[]> = {
    "length -1": [0xff, 0xff, 0xff, 0xff],
    "length -4": [0xff, 0xff, 0xff, 0xfc],
    "length 0x80000000": [0x80, 0, 0, 0],
    "length 0x7fffffff": [0x7f, 0xff, 0xff, 0xff],
    "length 0": [0, 0, 0, 0],
  };
  for (const [name, prefix] of Object.entries(lost)) {
    await t.step(
      name,
      rig({}, async ({ connect, tws, events }) => {
        const broker = await connect();
        tws.peer.raw(new Uint8Array([...TIME, ...prefix, 1, 2, 3]));
        await tws.peer.until(() => tws.open === 0);
        deepStrictEqual(states(events), ["connecting", "ready", "closed"]);
        match(ofType(events, "connection").at(-1)?.detail ?? "", /not TWS/);
        await rejects(broker.openOrders(), /the connection is closed/);
      }),
    );
  }
});

Deno.test(
  "forty megabytes behind a length of two gigabytes are not read",
  rig({}, async ({ connect, tws, events }) => {
    await connect();
    tws.peer.raw(new Uint8Array([0x7f, 0xff, 0xff, 0xff]));
    const { socket } = tws.peer;
    for (let i = 0; i < 40; i++) socket.write(new Uint8Array(1_000_000));
    await tws.peer.until(() => tws.open === 0);
    // Closed on the first four bytes: most of the rest never left the server.
    deepStrictEqual(states(events), ["connecting", "ready", "closed"]);
    ok(socket.bytesWritten < 40_000_000);
  }),
);

Deno.test(
  "a legal message of fifteen megabytes is read whole",
  rig({}, async ({ connect, tws, events }) => {
    const broker = await connect();
    const text = "x".repeat(15_000_000);
    // An order rejection: its text is cut, the rejection itself must not be lost.
    tws.peer.raw(encodeFrame([4, 2, 5, 201, text, ""]));
    const asked = broker.currentTime();
    await tws.peer.until(() => tws.peer.requestsOf(49).length === 1);
    tws.peer.raw(TIME);
    await asked;
    const [message] = ofType(events, "order-message");
    strictEqual(message?.orderId, 5);
    strictEqual(message?.code, 201);
    strictEqual(message?.text.length, 10_000);
  }),
);

Deno.test(
  "a message without its last NUL spoils no other message",
  rig({}, async ({ connect, tws, events }) => {
    const broker = await connect();
    const asked = broker.currentTime();
    await tws.peer.until(() => tws.peer.requestsOf(49).length === 1);
    // Its last field has no end, so the message is one field short.
    tws.peer.raw(framePayload(new TextEncoder().encode("4\x002\x00-1\x002104\x00usfarm\x00json")));
    tws.peer.raw(TIME);
    strictEqual(await asked, TIME_MS);
    deepStrictEqual(notices(events), [
      "505 Message 1 of type 4 cannot be read: It ends after 5 fields",
    ]);
  }),
);

/** Counts the elements that Array.shift moves, until it is disposed of. */
function countingMoves(): { readonly count: number } & Disposable {
  const shift = Array.prototype.shift;
  let count = 0;
  Array.prototype.shift = function (this: unknown[]): unknown {
    count += this.length;
    return shift.call(this);
  };
  return {
    get count() {
      return count;
    },
    [Symbol.dispose](): void {
      Array.prototype.shift = shift;
    },
  };
}

Deno.test(
  "twenty thousand bars in one message are whole, and the ticks around them stay in order",
  rig({}, async ({ connect, tws, events, clock }) => {
    const broker = await connect();
    broker.subscribe([AAPL]);
    const asked = broker.history({
      instrument: AAPL,
      endMs: clock.now(),
      duration: "7500 S",
      barSize: "5 secs",
      barMs: 5_000,
    });
    await tws.peer.until(() => tws.peer.requestsOf(20).length === 1);
    const [[, , quoteId] = []] = tws.peer.requestsOf(1);
    const [[, barsId = ""] = []] = tws.peer.requestsOf(20);
    const count = 20_000;
    const firstMs = clock.now() - count * 5_000;
    tws.peer.send(1, 6, quoteId, 4, "10.01", 100, 0);
    tws.peer.raw(encodeFrame(history(barsId, count, firstMs)));
    tws.peer.send(1, 6, quoteId, 4, "10.02", 200, 0);
    using moves = countingMoves();
    const bars = await asked;
    // A queue of fields that is shifted moves all of them for each: some ten billion moves here.
    ok(moves.count < 1_000_000, `${moves.count} array elements were moved`);
    strictEqual(bars.length, count);
    deepStrictEqual(bars[0], {
      symbol: "AAPL",
      time: firstMs,
      durationMs: 5_000,
      open: 10,
      high: 10.5,
      low: 9.5,
      close: 10.25,
      volume: 200,
      wap: 10.1,
      count: 7,
    });
    const time = broker.currentTime();
    await tws.peer.until(() => tws.peer.requestsOf(49).length === 1);
    tws.peer.raw(TIME);
    await time;
    const after = ofType(events, "feed").flatMap(({ event }) =>
      event.type === "quote" ? [[event.quote.last, event.quote.lastSize]] : []
    );
    deepStrictEqual(after, [[10.01, 100], [10.02, 200]]);
  }),
);
