import assert from "node:assert/strict";
import { recognise } from "../../lib/probe/recognise.ts";

function bytes(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}
function hex(text: string): Uint8Array {
  return Uint8Array.fromHex(text.replaceAll(" ", ""));
}

Deno.test("recognise() reads the version and the time of a real greeting", () => {
  assert.deepEqual(
    recognise(hex("0000001a 31373800 3230323630343032 2030393a33303a3030 2045535400")),
    { speaks: "api", serverVersion: 178, connectionTime: "20260402 09:30:00 EST" },
  );
});

const SPEAKERS: readonly (readonly [string, Uint8Array, string])[] = [
  ["sshd's banner", bytes("SSH-2.0-OpenSSH_9.2p1 Debian\r\n"), "ssh"],
  ["an HTTP answer", bytes("HTTP/1.1 400 Bad Request\r\n"), "http"],
  ["a bare HTML page", bytes("<!DOCTYPE HTML>"), "http"],
  ["Java's TLS alert", hex("15 03 03 00 02 02 0a"), "tls"],
  ["a TLS ServerHello", hex("16 03 03 00 7a 02"), "tls"],
  ["the API of before 2016", bytes("76\x0020150101 09:30:00 EST\x00"), "old-api"],
  ["a Redis error", bytes("-ERR unknown command\r\n"), "other"],
  ["a frame longer than any greeting", hex("00 00 20 00 41"), "other"],
  ["a frame of other fields", hex("00 00 00 04 41 42 43 00"), "other"],
  ["a frame of no bytes", hex("00 00 00 00"), "other"],
  ["nothing", new Uint8Array(0), "incomplete"],
  ["half a greeting", hex("00 00 00 1a 31 37"), "incomplete"],
  ["the first byte of a banner", bytes("S"), "incomplete"],
];

for (const [name, head, speaks] of SPEAKERS) {
  Deno.test(`recognise() takes ${name} for ${speaks}`, () => {
    assert.equal(recognise(head).speaks, speaks);
  });
}

Deno.test("recognise() never decides on a prefix of a greeting, wherever it is cut", () => {
  const whole = hex("0000001a 31373800 3230323630343032 2030393a33303a3030 2045535400");
  for (let length = 0; length < whole.length; length++) {
    assert.equal(recognise(whole.subarray(0, length)).speaks, "incomplete", `${length} bytes`);
  }
});
