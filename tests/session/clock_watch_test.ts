import { deepStrictEqual, match, strictEqual } from "node:assert/strict";
import { bodiesOf } from "../../lib/ledger/select.ts";
import { at, MINUTE, run } from "./run.ts";

/** TWS's clock against ours, over a day. */

const inShort = (offsets: readonly { readonly offsetMs: number }[]): number[] => [
  ...new Set(offsets.map(({ offsetMs }) => offsetMs)),
];

Deno.test("the clocks are compared at the start and every ten minutes", async () => {
  const { entries } = await run();
  const compared = entries.filter(({ body }) => body.kind === "clock-compared");
  deepStrictEqual(
    compared.slice(0, 3).map((entry) => (entry.at - at(-10)) / MINUTE),
    [0, 10, 20],
  );
  strictEqual(compared.length, 40);
  deepStrictEqual(inShort(bodiesOf(entries, "clock-compared")), [500]);
  strictEqual(bodiesOf(entries, "incident").length, 0);
});

Deno.test("a clock that is minutes off is told once, with the direction, and once more when it agrees", async () => {
  const { entries } = await run({
    script: ({ clock, broker }) => {
      broker.currentTime = () => {
        const off = clock.now() > at(60) && clock.now() < at(120) ? 3 * MINUTE : 0;
        return Promise.resolve(clock.now() + off);
      };
    },
  });
  const [skew, agrees, ...others] = bodiesOf(entries, "incident");
  strictEqual(skew?.code, "clock-skew");
  match(skew?.text ?? "", /^This machine's clock is 180\.5 s behind TWS's; the limit is 2 s/);
  deepStrictEqual([agrees?.code, agrees?.durationMs], ["clock-agrees", 50 * MINUTE]);
  strictEqual(others.length, 0);
});

Deno.test("an answer that takes long does not pass for a wrong clock", async () => {
  const { entries } = await run({
    script: ({ clock, broker }) => {
      broker.currentTime = () =>
        new Promise((resolve) => void clock.at(clock.now() + 9_000, () => resolve(clock.now())));
    },
  });
  const [compared] = bodiesOf(entries, "clock-compared");
  deepStrictEqual([compared?.offsetMs, compared?.roundTripMs], [5_000, 9_000]);
  strictEqual(bodiesOf(entries, "incident").length, 0);
});
