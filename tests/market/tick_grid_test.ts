import { strictEqual } from "node:assert/strict";
import { priceDown, priceUp } from "../../lib/market/tick_grid.ts";
import { formatMicros, parseMicros } from "../../lib/money.ts";

const PENNY_STOCK = { minTick: parseMicros("0.0001"), currency: "USD" };

function down(price: string, grid = PENNY_STOCK): string {
  return formatMicros(priceDown(parseMicros(price), grid));
}

function up(price: string, grid = PENNY_STOCK): string {
  return formatMicros(priceUp(parseMicros(price), grid));
}

Deno.test("a price of a penny stock that has risen past a dollar is in whole cents", () => {
  strictEqual(down("1.1132"), "1.11");
  strictEqual(up("1.1132"), "1.12");
  strictEqual(down("1"), "1");
});

Deno.test("below a dollar, and where another rule holds, the stock's own tick is the grid", () => {
  strictEqual(down("0.99996"), "0.9999");
  strictEqual(up("0.99996"), "1");
  strictEqual(down("1.11325", { ...PENNY_STOCK, currency: "GBP" }), "1.1132");
  strictEqual(down("12.347", { minTick: parseMicros("0.05"), currency: "USD" }), "12.3");
});
