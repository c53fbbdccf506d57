import { strictEqual, throws } from "node:assert/strict";
import fc from "fast-check";
import {
  divide,
  floorToStep,
  formatMicros,
  formatMoney,
  fromNumber,
  multiply,
  parseMicros,
  roundToStep,
} from "../lib/money.ts";

const micros = fc.bigInt({ min: -(10n ** 18n), max: 10n ** 18n });

Deno.test("parseMicros() and formatMicros() are each other's inverse", () => {
  fc.assert(fc.property(micros, (value) => parseMicros(formatMicros(value)) === value));
});

Deno.test("parseMicros() reads what brokers' clients write", () => {
  strictEqual(parseMicros("182.9400"), 182_940_000n);
  strictEqual(parseMicros("+100E+0"), 100_000_000n);
  strictEqual(parseMicros("1e-7"), 0n);
  strictEqual(parseMicros("-.5".replace("-.", "-0.")), -500_000n);
  strictEqual(parseMicros("1.000003"), 1_000_003n);
});

Deno.test("parseMicros() rounds the seventh decimal half to even", () => {
  strictEqual(parseMicros("0.0000005"), 0n);
  strictEqual(parseMicros("0.0000015"), 2n);
  strictEqual(parseMicros("-0.0000015"), -2n);
});

Deno.test("parseMicros() refuses what is no finite decimal, quoting it", () => {
  for (const text of ["", "abc", "1,234.5", "NaN", "Infinity", "1.7976931348623157E308", "0x10"]) {
    throws(() => parseMicros(text), { name: "SyntaxError", message: new RegExp(`"${text}"`) });
  }
});

Deno.test("fromNumber() reads a number as its shortest decimal text, whatever its size", () => {
  const anything = fc.oneof(
    fc.double({ min: 1e-6, max: 1e12, noNaN: true }),
    fc.double({ min: 1e-25, max: 1, noNaN: true }),
    fc.bigInt(-(10n ** 17n), 10n ** 17n).map((micros) => Number(micros) / 1e6),
  );
  fc.assert(fc.property(anything, (value) => {
    strictEqual(fromNumber(value), parseMicros(String(value)));
    strictEqual(fromNumber(-value), parseMicros(String(-value)));
  }));
  strictEqual(fromNumber(5e-324), 0n);
});

Deno.test("L7: fromNumber() makes ten cents and twenty cents thirty", () => {
  strictEqual(fromNumber(0.1) + fromNumber(0.2), fromNumber(0.3));
  throws(() => fromNumber(NaN), RangeError);
});

Deno.test("multiply() is exact for 137 shares at 212.0051", () => {
  strictEqual(formatMicros(multiply(parseMicros("137"), parseMicros("212.0051"))), "29044.6987");
});

Deno.test("multiply() and divide() do not care about order or sign", () => {
  fc.assert(fc.property(micros, micros, (a, b) => multiply(a, b) === multiply(b, a)));
  fc.assert(fc.property(micros, micros, (a, b) => multiply(-a, b) === -multiply(a, b)));
  fc.assert(
    fc.property(micros, micros.filter((b) => b !== 0n), (a, b) => divide(-a, b) === -divide(a, b)),
  );
  throws(() => divide(1n, 0n), /Cannot divide 0.000001 by zero/);
});

Deno.test("formatMoney() groups thousands, rounds to cents and never shows minus zero", () => {
  strictEqual(formatMoney(parseMicros("1234567.895")), "1,234,567.90");
  strictEqual(formatMoney(parseMicros("-1234.5")), "-1,234.50");
  strictEqual(formatMoney(parseMicros("-0.001")), "0.00");
  strictEqual(formatMoney(parseMicros("12.3456"), 4), "12.3456");
  strictEqual(formatMoney(parseMicros("999.5"), 0), "1,000");
});

Deno.test("roundToStep() and floorToStep() put prices on ticks and quantities on lots", () => {
  const tick = parseMicros("0.01");
  strictEqual(formatMicros(roundToStep(parseMicros("10.005"), tick)), "10.01");
  strictEqual(formatMicros(roundToStep(parseMicros("-10.004"), tick)), "-10");
  strictEqual(formatMicros(floorToStep(parseMicros("133.99"), parseMicros("1"))), "133");
  strictEqual(formatMicros(floorToStep(parseMicros("-0.1"), parseMicros("1"))), "-1");
});
