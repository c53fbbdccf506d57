import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import { bodiesOf } from "../../lib/ledger/select.ts";
import { openLedger } from "../../lib/ledger/sqlite.ts";
import type { ChosenStrategy } from "../../lib/strategy/registry.ts";
import type { Signal, View } from "../../lib/strategy/strategy.ts";
import { DAY, MINUTE } from "./run.ts";
import { minuteBars, overTcp } from "./wire.ts";

/** O13 over the real wire: the simulated Gateway rejects a leg with 201 as TWS does. */

function leg(view: View, symbol: string, side: Signal["side"]): Signal {
  const bid = view.quote(symbol)?.bid ?? 0;
  const reason = { rule: "script", text: "The script says so", inputs: {} };
  const stopPrice = bid * (side === "BUY" ? 0.95 : 1.05);
  return { symbol, side, purpose: "enter", stopPrice, reason, group: "pair" };
}

const PAIR: ChosenStrategy = {
  name: "pair",
  summary: "",
  barMs: MINUTE,
  parameters: {},
  create: () => ({
    warmupBars: 0,
    init: () => {},
    warmUp: () => {},
    next: ({ symbol }, view) =>
      symbol === "AAPL" && view.now - DAY.opensAt === 5 * MINUTE
        ? [leg(view, "AAPL", "BUY"), leg(view, "SOFI", "SELL")]
        : [],
  }),
};

const TOML = "[risk]\nallow_short = true\nmax_sector_pct = 100\n";
const FLAT = minuteBars(Array<number>(20).fill(100));

// A bracket is looked at when its stop arrives: the second order, and the fourth.
for (const [title, order] of [["first", 2], ["second", 4]] as const) {
  Deno.test(`O13: over the wire the ${title} leg is rejected (201): within a minute nothing is held, and the books agree`, async () => {
    await overTcp(FLAT, async ({ gateway, session }) => {
      const ledger = openLedger(":memory:");
      const day = { ledger, chosen: PAIR, toml: TOML, symbols: ["AAPL", "SOFI"] };
      await session({ ...day, untilMinute: 6 });
      const { positions, executions, orders } = gateway.truth();
      deepStrictEqual(positions, []);
      strictEqual(executions.length % 2, 0);
      ok(orders.some(({ status }) => status === "Inactive"));
      const entries = [...ledger.read()];
      strictEqual(bodiesOf(entries, "execution").length, executions.length);
      const codes = bodiesOf(entries, "incident").map(({ code }) => code);
      ok(codes.includes("order-rejected") && codes.includes("pair-broken"), codes.join());
    }, [`reject-order=order:${order}`]);
  });
}

Deno.test("over the wire both legs of a pair fill and are left alone", async () => {
  await overTcp(FLAT, async ({ gateway, session }) => {
    const ledger = openLedger(":memory:");
    const day = { ledger, chosen: PAIR, toml: TOML, symbols: ["AAPL", "SOFI"] };
    await session({ ...day, untilMinute: 8 });
    const held = gateway.truth().positions.map(({ symbol, quantity }) => [symbol, quantity > 0n]);
    deepStrictEqual(held.sort(), [["AAPL", true], ["SOFI", false]]);
    deepStrictEqual(bodiesOf([...ledger.read()], "incident"), []);
  });
});
