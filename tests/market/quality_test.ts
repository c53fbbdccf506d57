import { deepStrictEqual } from "node:assert/strict";
import { NO_TRUST, withPrice } from "../../lib/market/quality.ts";

/** The last believed price after each of these prices, `[price, second]`, with outliers beyond 20 %. */
function goods(...prices: readonly (readonly [number, number])[]): (number | null)[] {
  let trust = NO_TRUST;
  return prices.map(([price, second]) => {
    trust = withPrice(trust, { price, at: second * 1_000 }, 20);
    return trust.good;
  });
}

Deno.test("withPrice() lets a price within 20 % through, also over several steps", () => {
  deepStrictEqual(goods([100, 0], [119, 1], [120, 2], [96, 3]), [100, 119, 120, 96]);
});

Deno.test("withPrice() moves nothing on one price that is too far, up or down", () => {
  deepStrictEqual(goods([100, 0], [121, 1], [100.5, 2]), [100, 100, 100.5]);
  deepStrictEqual(goods([100, 0], [0.01, 1], [99, 5]), [100, 100, 99]);
});

Deno.test("withPrice() believes a far price that still stands two seconds later", () => {
  deepStrictEqual(goods([100, 0], [70, 1], [70, 2.999], [71, 3]), [100, 100, 100, 71]);
});

Deno.test("withPrice() begins anew with a second far price that does not bear out the first", () => {
  deepStrictEqual(goods([100, 0], [1_000, 1], [10, 4], [10, 5], [10, 6]), [100, 100, 100, 100, 10]);
});

Deno.test("withPrice() learns nothing from what is no price", () => {
  deepStrictEqual(goods([100, 0], [NaN, 1], [Infinity, 2], [0, 3], [-5, 4]), Array(5).fill(100));
});
