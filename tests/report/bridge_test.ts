import assert from "node:assert/strict";
import fc from "fast-check";
import { formatMicros, parseMicros } from "../../lib/money.ts";
import { buildReport } from "../../lib/report/build.ts";
import { figuresOf } from "../../lib/report/figure.ts";
import { LedgerBuilder, SESSION } from "./fixtures.ts";

const anyFill = fc.record({
  side: fc.constantFrom<"BUY" | "SELL">("BUY", "SELL"),
  symbol: fc.constantFrom("AAPL", "MSFT", "TSLA"),
  shares: fc.integer({ min: 1, max: 500 }),
  cents: fc.integer({ min: 1, max: 90_000 }),
  commission: fc.integer({ min: 0, max: 5_000_000 }),
});

function micros(value: string | null | undefined): bigint {
  assert.ok(typeof value === "string");
  return parseMicros(value);
}

Deno.test("for any fills the bridge closes to the micro, and symbols and round trips add up to it", () => {
  fc.assert(
    fc.property(fc.array(anyFill, { maxLength: 30 }), (fills) => {
      const ledger = new LedgerBuilder().start("100000");
      let cash = parseMicros("100000");
      const held = new Map<string, bigint>();
      for (const [index, fill] of fills.entries()) {
        const price = parseMicros((fill.cents / 100).toFixed(2));
        const signed = BigInt(fill.side === "BUY" ? fill.shares : -fill.shares);
        cash -= signed * price + BigInt(fill.commission);
        held.set(fill.symbol, (held.get(fill.symbol) ?? 0n) + signed);
        ledger.fill(index, {
          execId: `f.${index}.01.01`,
          side: fill.side,
          symbol: fill.symbol,
          shares: String(fill.shares),
          at: formatMicros(price),
          commission: formatMicros(BigInt(fill.commission)),
        });
      }
      // The broker values every share at 123.45.
      const value = [...held.values()].reduce((sum, shares) => sum + shares * 123_450_000n, 0n);
      ledger.end(formatMicros(cash), {
        netLiquidation: formatMicros(cash + value),
        positions: [...held].filter(([, shares]) => shares !== 0n)
          .map(([symbol, shares]) => [symbol, String(shares), "1"]),
      });
      const figures = figuresOf(buildReport(ledger.entries, [SESSION]));
      const of = (id: string): bigint => micros(figures.get(id)?.value);
      assert.strictEqual(of("bridge.unexplained.change"), 0n);
      assert.strictEqual(
        of("bridge.start.nav") + of("bridge.realized.change") + of("bridge.unrealized.change") +
          of("bridge.commissions.change"),
        of("bridge.end.nav"),
      );
      assert.strictEqual(of("day.net"), of("bridge.end.nav") - of("bridge.start.nav"));

      const sum = (pattern: RegExp): bigint =>
        [...figures].filter(([id]) => pattern.test(id))
          .reduce((total, [, { value }]) => total + micros(value), 0n);
      assert.strictEqual(sum(/^symbols\.[A-Z]+\.realized$/), of("bridge.realized.change"));
      assert.strictEqual(sum(/^symbols\.[A-Z]+\.commissions$/), of("day.commissions"));
      assert.strictEqual(sum(/^rules\.(?!total).*\.gross$/), of("bridge.realized.change"));
      assert.strictEqual(sum(/^exits\.(?!total).*\.commissions$/), of("day.commissions"));
    }),
    { numRuns: 60 },
  );
});
