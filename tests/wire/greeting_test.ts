import { deepStrictEqual as deepEqual, ok, strictEqual as equal, throws } from "node:assert/strict";
import fc from "fast-check";
import {
  encodeClientGreeting,
  encodeServerGreeting,
  GreetingError,
  type GreetingOutcome,
  GreetingReader,
  negotiate,
  parseServerGreeting,
} from "../../lib/wire/greeting.ts";
import { encodeFrame, framePayload } from "../../lib/wire/frame.ts";
import { fieldsOf } from "./fields_of.ts";

const PYTHON = { minVersion: 100, maxVersion: 187, connectOptions: "+PACEAPI" };

function bytesOf(text: string): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode(text);
}

function read(...pieces: readonly Uint8Array[]): GreetingOutcome | null {
  const reader = new GreetingReader();
  for (const piece of pieces) {
    const outcome = reader.push(piece);
    if (outcome !== null) return outcome;
  }
  return null;
}

Deno.test("a client greets with API, NUL and a frame without a last NUL", () => {
  const plain = encodeClientGreeting({ minVersion: 100, maxVersion: 193, connectOptions: "" });
  deepEqual([...plain], [...bytesOf("API\0"), 0, 0, 0, 9, ...bytesOf("v100..193")]);
  deepEqual(
    [...encodeClientGreeting(PYTHON)],
    [...bytesOf("API\0"), 0, 0, 0, 18, ...bytesOf("v100..187 +PACEAPI")],
  );
});

Deno.test("a greeting is read in whatever pieces it comes, and nothing behind it is lost", () => {
  const startApi = encodeFrame([71, 2, 7, ""]);
  const stream = Uint8Array.from([...encodeClientGreeting(PYTHON), ...startApi]);
  fc.assert(
    fc.property(fc.array(fc.nat(stream.length), { maxLength: 12 }), (cuts) => {
      const places = [0, ...cuts, stream.length].sort((a, b) => a - b);
      const reader = new GreetingReader();
      let outcome: GreetingOutcome | null = null;
      const rest: number[] = [];
      for (const [index, end] of places.slice(1).entries()) {
        const piece = stream.subarray(places[index], end);
        if (outcome !== null) rest.push(...piece);
        else {
          outcome = reader.push(piece);
          if (outcome?.kind === "greeting") rest.push(...outcome.rest);
        }
      }
      ok(outcome?.kind === "greeting");
      deepEqual(outcome.greeting, PYTHON);
      deepEqual(rest, [...startApi]);
    }),
  );
});

Deno.test("API in a segment of its own is the beginning of a greeting", () => {
  equal(read(bytesOf("API\0")), null);
  const outcome = read(bytesOf("API\0"), framePayload(bytesOf("v100..151")));
  ok(outcome?.kind === "greeting");
  equal(outcome.greeting.maxVersion, 151);
});

Deno.test("a client that speaks one version announces it alone", () => {
  const outcome = read(bytesOf("API\0"), framePayload(bytesOf("v157")));
  ok(outcome?.kind === "greeting");
  deepEqual(outcome.greeting, { minVersion: 157, maxVersion: 157, connectOptions: "" });
});

Deno.test("foreign first bytes are recognised as soon as they differ", () => {
  const cases: readonly (readonly [string, string])[] = [
    ["GET / HTTP/1.1\r\n", "HTTP"],
    ["\x16\x03\x01\x02\x00", "TLS"],
    ["SSH-2.0-OpenSSH", "SSH"],
    ["62\x007\x00", "old TWS"],
    ["63", "old TWS"],
    ["API", ""],
    ["APIv100..187", "unknown"],
    ["\0\0\0\x09v100..187", "unknown"],
    ["{}", "unknown"],
  ];
  for (const [text, protocol] of cases) {
    const outcome = read(bytesOf(text));
    if (protocol === "") equal(outcome, null);
    else deepEqual(outcome, { kind: "foreign", protocol }, text);
  }
});

Deno.test("a greeting whose length or versions make no sense is malformed, at once and at no cost", () => {
  const kinds = [
    Uint8Array.of(0, 0, 0, 0),
    Uint8Array.of(0xff, 0xff, 0xff, 0xff),
    Uint8Array.of(0, 0, 0x40, 0),
    framePayload(bytesOf("hello")),
    framePayload(bytesOf("v187..100")),
    framePayload(bytesOf("v100..")),
    framePayload(bytesOf("v100..187\0")),
  ].map((frame) => read(bytesOf("API\0"), frame)?.kind);
  deepEqual(kinds, Array(7).fill("malformed"));
});

Deno.test("the server answers two fields, and exactly two are read", () => {
  const answer = { serverVersion: 178, connectionTime: "20260402 09:30:00 EST" };
  const fields = fieldsOf(encodeServerGreeting(answer));
  deepEqual(fields, ["178", "20260402 09:30:00 EST"]);
  deepEqual(parseServerGreeting(fields), answer);
  deepEqual(parseServerGreeting(["178", ""]), { serverVersion: 178, connectionTime: "" });
  for (const wrong of [[], ["178"], ["178", "now", "x"], ["x", "now"], ["", ""], ["-1", ""]]) {
    throws(() => parseServerGreeting(wrong), GreetingError);
  }
});

Deno.test("the negotiated version is the older of the two newest, or none", () => {
  equal(negotiate({ minVersion: 100, maxVersion: 193, connectOptions: "" }, 178), 178);
  equal(negotiate({ minVersion: 100, maxVersion: 151, connectOptions: "" }, 178), 151);
  equal(negotiate({ minVersion: 213, maxVersion: 225, connectOptions: "" }, 178), null);
});
