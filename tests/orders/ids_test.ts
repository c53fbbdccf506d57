import { ok, strictEqual, throws } from "node:assert/strict";
import { intentIdOf, orderRefOf, ulidSource } from "../../lib/orders/ids.ts";

const zeros = (bytes: Uint8Array): void => void bytes.fill(0);
const ones = (bytes: Uint8Array): void => void bytes.fill(255);

Deno.test("ulidSource() writes the time first, then chance, in Crockford's base 32", () => {
  // 1469918176385 ms is the example of the ULID specification.
  const id = ulidSource({ now: () => 1_469_918_176_385, random: ones })();
  strictEqual(id, "01ARYZ6S41ZZZZZZZZZZZZZZZZ");
});

Deno.test("ulidSource() counts up within a millisecond and when the clock goes back", () => {
  const times = [1_000, 1_000, 400, 1_001];
  const next = ulidSource({ now: () => times.shift() ?? 0, random: zeros });
  const ids = [next(), next(), next(), next()];
  ok(ids.every((id, index) => index === 0 || id > (ids[index - 1] ?? "")), ids.join(" "));
  strictEqual(ids[2]?.slice(0, 10), ids[0]?.slice(0, 10));
});

Deno.test("ulidSource() stays in order when chance is all ones", () => {
  const next = ulidSource({ now: () => 1_000, random: ones });
  const [first, second, third] = [next(), next(), next()];
  ok(first < second && second < third);
  strictEqual(second.length, 26);
});

Deno.test("ulidSource() refuses a time that is none", () => {
  throws(() => ulidSource({ now: () => NaN, random: zeros })(), /Cannot make an id at NaN/);
});

Deno.test("intentIdOf() finds our intent in an orderRef, and nothing in another program's", () => {
  const id = ulidSource({ now: () => 1_000, random: ones })();
  strictEqual(intentIdOf(orderRefOf(id)), id);
  strictEqual(intentIdOf(""), null);
  strictEqual(intentIdOf("RT-12"), null);
  strictEqual(intentIdOf(id), null);
});
