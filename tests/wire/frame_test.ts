import { deepStrictEqual as deepEqual, strictEqual as equal, throws } from "node:assert/strict";
import fc from "fast-check";
import {
  encodeFrame,
  FRAME_BYTES_MAX,
  FrameError,
  framePayload,
  FrameReader,
  payloadFields,
} from "../../lib/wire/frame.ts";

Deno.test("a frame is a big-endian length and NUL-ended fields, the last one too", () => {
  deepEqual(
    [...encodeFrame([71, "2", 7n, null, true, false])],
    [0, 0, 0, 12, ...new TextEncoder().encode("71\x002\x007\x00\x001\x000\x00")],
  );
});

Deno.test("any split of a stream gives the same messages", () => {
  const field = fc.string({ unit: "grapheme" }).map((text) => text.replaceAll("\0", ""));
  const message = fc.array(field, { minLength: 1, maxLength: 8 });
  fc.assert(
    fc.property(
      fc.array(message, { minLength: 1, maxLength: 6 }),
      fc.array(fc.nat(), { maxLength: 30 }),
      (messages, cuts) => {
        const stream = joined(messages.map((fields) => encodeFrame(fields)));
        const reader = new FrameReader();
        const read = pieces(stream, cuts).flatMap((piece) =>
          [...reader.push(piece)].map((payload) => payloadFields(payload))
        );
        deepEqual(read, messages);
        equal(reader.pendingBytes, 0);
      },
    ),
  );
});

Deno.test("a stream that comes byte by byte gives the same messages", () => {
  const stream = joined([encodeFrame([9, 1, 43]), encodeFrame([15, 1, "DU1,"])]);
  const reader = new FrameReader();
  const read = [...stream].flatMap((byte) =>
    [...reader.push(Uint8Array.of(byte))].map((payload) => payloadFields(payload).join("|"))
  );
  deepEqual(read, ["9|1|43", "15|1|DU1,"]);
});

Deno.test("a payload without its last NUL loses the unfinished field, not the next message", () => {
  const reader = new FrameReader();
  const stream = joined([framePayload(new TextEncoder().encode("9\x001\x0043")), encodeFrame([1])]);
  deepEqual([...reader.push(stream)].map((payload) => payloadFields(payload)), [["9", "1"], ["1"]]);
});

Deno.test("lengths that no message has are errors, and not a wait or a loop", () => {
  for (const length of [0, FRAME_BYTES_MAX + 1, 0x7fffffff, 0x80000000, 0xffffffff]) {
    const prefix = new Uint8Array(4);
    new DataView(prefix.buffer).setUint32(0, length);
    throws(() => [...new FrameReader().push(prefix)], FrameError, String(length));
  }
});

Deno.test("messages before a broken length are handed over first", () => {
  const reader = new FrameReader();
  const messages = reader.push(joined([encodeFrame([9, 1, 43]), Uint8Array.of(0, 0, 0, 0)]));
  deepEqual(payloadFields(messages.next().value ?? new Uint8Array(0)), ["9", "1", "43"]);
  throws(() => messages.next(), FrameError);
});

Deno.test("the longest legal frame is read, one byte more is refused before it is written", () => {
  const payload = new Uint8Array(FRAME_BYTES_MAX);
  const [read] = [...new FrameReader().push(framePayload(payload))];
  equal(read?.length, FRAME_BYTES_MAX);
  throws(() => framePayload(new Uint8Array(FRAME_BYTES_MAX + 1)), RangeError);
});

Deno.test("a field with NUL in it is refused: it would shift the fields behind it", () => {
  throws(() => encodeFrame(["a", "b\0c"]), RangeError);
});

function joined(parts: readonly Uint8Array[]): Uint8Array {
  return Uint8Array.from(parts.flatMap((part) => [...part]));
}

/** The stream cut at these places, wherever they fall. */
function pieces(stream: Uint8Array, cuts: readonly number[]): Uint8Array[] {
  const places = [0, ...cuts.map((cut) => cut % (stream.length + 1)), stream.length];
  places.sort((a, b) => a - b);
  return places.slice(1).map((end, index) => stream.subarray(places[index], end));
}
