import assert from "node:assert/strict";
import {
  parseCheckId,
  parseClientId,
  parseHost,
  parsePort,
  parseTimeoutMs,
  parseWaitMs,
  ProbeUsageError,
  randomClientId,
  wantedChecks,
} from "../../lib/probe/options.ts";

const REFUSED: readonly (readonly [string, () => unknown, string])[] = [
  ["port 0", () => parsePort("0"), 'Cannot use port "0"'],
  ["port 70000", () => parsePort(70_000), 'Cannot use port "70000"'],
  ["a port of words", () => parsePort("ssh"), 'Cannot use port "ssh"'],
  ["half a port", () => parsePort("40.5"), 'Cannot use port "40.5"'],
  ["a port in hex", () => parsePort("0x10"), 'Cannot use port "0x10"'],
  ["a negative timeout", () => parseTimeoutMs("-1"), 'Cannot use timeout "-1"'],
  ["no timeout at all", () => parseTimeoutMs("0"), 'Cannot use timeout "0"'],
  ["an endless timeout", () => parseTimeoutMs("Infinity"), 'Cannot use timeout "Infinity"'],
  ["a negative wait", () => parseWaitMs(-3), 'Cannot use wait "-3"'],
  ["a client id beyond 32 bits", () => parseClientId("2147483648"), "Cannot use client id"],
  ["an empty host", () => parseHost(" "), "Cannot use host"],
  ["a host with its port", () => parseHost("localhost:4002"), 'Cannot use host "localhost:4002"'],
  ["a URL for a host", () => parseHost("http://localhost"), 'Cannot use host "http://localhost"'],
  ["a check that does not exist", () => parseCheckId("hands"), 'Cannot look only at "hands"'],
];

for (const [name, parse, message] of REFUSED) {
  Deno.test(`${name} is refused in one line that says what to give`, () => {
    assert.throws(
      parse,
      (error) =>
        error instanceof ProbeUsageError && error.message.startsWith(message) &&
        error.message.includes(": ") && !error.message.includes("\n"),
    );
  });
}

Deno.test("what is fine is taken as it is meant", () => {
  assert.equal(parsePort("4002"), 4002);
  assert.equal(parseTimeoutMs("2.5"), 2_500);
  assert.equal(parseWaitMs(0), 0);
  assert.equal(parseHost("[::1]"), "::1");
  assert.equal(parseHost("gateway.local"), "gateway.local");
  assert.equal(parseCheckId("NEXTVALIDID"), "nextValidId");
});

Deno.test("a random client id is never one that people give their bots", () => {
  for (let n = 0; n < 1_000; n++) {
    const id = randomClientId();
    assert.ok(Number.isInteger(id) && id >= 9_000 && id <= 9_999_999, String(id));
  }
});

Deno.test("only: the handshake needs no look at programs, and nothing behind it", () => {
  assert.deepEqual([...wantedChecks("handshake")].toSorted(), [
    "handshake",
    "listener",
    "observer",
    "service",
    "tcp",
  ]);
});
