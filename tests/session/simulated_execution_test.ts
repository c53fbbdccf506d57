import { ok, strictEqual } from "node:assert/strict";
import { bodiesOf } from "../../lib/ledger/select.ts";
import { formatMicros, ZERO } from "../../lib/money.ts";
import { checkInvariants, trade } from "./simulated.ts";

/** Days on which every entry is worked by an algorithm, over the wire, held against the Gateway's own history. */

const LARGE = `[risk]
sizing = "fixed-notional"
size_notional_usd = 9000
max_bar_volume_pct = 100
`;

for (const style of ["TWAP", "VWAP", "POV", "ADAPTIVE", "ICEBERG", "IB_ADAPTIVE", "IB_TWAP"]) {
  Deno.test(`${style}: a day of entries worked by it keeps every invariant, and no entry is overfilled`, async () => {
    const day = await trade({
      seed: 5,
      symbols: "SOFI,IXHL,SDGR",
      toml: `[execution]\nstyle = "${style}"\n${LARGE}`,
    });
    strictEqual(day.outcome.outcome, "done", day.outcome.because);
    checkInvariants(day);
    const started = bodiesOf(day.entries, "parent-order");
    const ended = bodiesOf(day.entries, "parent-ended");
    ok(
      started.some(({ algorithm }) => algorithm === style),
      "a day without such a parent proves little",
    );
    strictEqual(ended.length, started.length);
    for (const { parentOrderId, quantity, symbol } of started) {
      const own = new Set(
        bodiesOf(day.entries, "intent")
          .filter((intent) => intent.parentOrderId === parentOrderId && intent.role === "entry")
          .map(({ intentId }) => intentId),
      );
      const filled = bodiesOf(day.entries, "execution")
        .filter(({ intentId }) => intentId !== null && own.has(intentId))
        .reduce((sum, execution) => sum + execution.quantity, ZERO);
      ok(filled <= quantity, `${symbol}: ${formatMicros(filled)} of ${formatMicros(quantity)}`);
      strictEqual(ended.find((end) => end.parentOrderId === parentOrderId)?.filled, filled);
    }
  });
}
