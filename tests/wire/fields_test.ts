import { strictEqual as equal, throws } from "node:assert/strict";
import fc from "fast-check";
import { parseMicros } from "../../lib/money.ts";
import {
  AMOUNT,
  BOOL,
  BOOL_BLANK,
  FieldError,
  INT,
  INT_BLANK,
  INT_MAX,
  JAVA,
  JAVA_BLANK,
  JAVA_MAX,
  LONG,
  LONG_MAX,
  MINUS_ONE,
  MINUS_TWO,
  MONEY,
  MONEY_BLANK,
  MONEY_MAX,
  NUMBER,
  OFFSET,
  PROSE,
  QUANTITY,
  QUANTITY_BLANK,
  type Scalar,
  TEXT,
} from "../../lib/wire/fields.ts";

function writes<T>(scalar: Scalar<T>, pairs: readonly (readonly [T, string])[]): void {
  for (const [value, text] of pairs) equal(scalar.write(value, 178), text);
}

function reads<T>(scalar: Scalar<T>, pairs: readonly (readonly [string, T])[]): void {
  for (const [text, value] of pairs) equal(scalar.read(text, 178), value, `"${text}"`);
}

function refuses<T>(scalar: Scalar<T>, ...texts: readonly string[]): void {
  for (const text of texts) throws(() => scalar.read(text, 178), FieldError, `"${text}"`);
}

Deno.test("doubles are printed the way Java prints them", () => {
  writes(JAVA, [
    [0, "0.0"],
    [-0, "0.0"],
    [200.1, "200.1"],
    [5801, "5801.0"],
    [-3.25, "-3.25"],
    [0.001, "0.001"],
    [0.0001, "1.0E-4"],
    [0.00012345, "1.2345E-4"],
    [9999999, "9999999.0"],
    [1e7, "1.0E7"],
    [12345678.9, "1.23456789E7"],
    [1e21, "1.0E21"],
    [Number.MAX_VALUE, "1.7976931348623157E308"],
  ]);
});

Deno.test("money is printed like a double, but exactly and without exponent", () => {
  writes(MONEY, [
    [0n, "0.0"],
    [196_000000n, "196.0"],
    [1_000003n, "1.000003"],
    [-1n, "-0.000001"],
    [12345678_900000n, "12345678.9"],
    [900719925474_099321n, "900719925474.099321"],
    [12345678901234567_000001n, "12345678901234567.000001"],
  ]);
});

Deno.test("quantities are printed shortest and read exactly", () => {
  writes(QUANTITY, [[0n, "0"], [100_000000n, "100"], [500000n, "0.5"], [-1_000000n, "-1"]]);
  reads(QUANTITY, [
    ["100", 100_000000n],
    ["+100E+0", 100_000000n],
    ["1E+2", 100_000000n],
    ["0.1", 100000n],
    ["-2.5", -2_500000n],
    ["", 0n],
  ]);
});

Deno.test("every amount of micros survives as quantity and as money", () => {
  fc.assert(fc.property(fc.bigInt({ min: -(10n ** 24n), max: 10n ** 24n }), (micros) => {
    equal(QUANTITY.read(QUANTITY.write(micros, 178), 178), micros);
    equal(MONEY.read(MONEY.write(micros, 178), 178), micros);
    equal(parseMicros(MONEY.write(micros, 178)), micros);
  }));
});

Deno.test("every finite double survives plain and in Java's print", () => {
  fc.assert(fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (value) => {
    equal(NUMBER.read(NUMBER.write(value, 178), 178), value === 0 ? 0 : value);
    equal(JAVA.read(JAVA.write(value, 178), 178), value === 0 ? 0 : value);
  }));
});

const UNSET_DOUBLES = [
  "",
  "1.7976931348623157e+308",
  "1.7976931348623157E308",
  "1.79769313486232E+308",
  "1.797693135e+308",
  "1.7976931348623e+308",
  "-1.7976931348623157E308",
];

Deno.test("unset doubles are null in every client's spelling, also where they parse to Infinity", () => {
  equal(Number("1.797693135e+308"), Infinity);
  for (const scalar of [JAVA_BLANK, JAVA_MAX, OFFSET, MINUS_ONE, MINUS_TWO]) {
    reads(scalar, UNSET_DOUBLES.map((text) => [text, null]));
  }
  for (const scalar of [MONEY_BLANK, MONEY_MAX, QUANTITY_BLANK]) {
    reads(scalar, UNSET_DOUBLES.map((text) => [text, null]));
  }
  reads(AMOUNT, UNSET_DOUBLES.map((text) => [text, 0]));
});

Deno.test("an unset value is written as its field spells it", () => {
  equal(JAVA_BLANK.write(null, 178), "");
  equal(JAVA_MAX.write(null, 178), "1.7976931348623157E308");
  equal(MONEY_MAX.write(null, 178), "1.7976931348623157E308");
  equal(INT_BLANK.write(null, 178), "");
  equal(INT_MAX.write(null, 178), "2147483647");
  equal(LONG_MAX.write(null, 178), "9223372036854775807");
  equal(BOOL_BLANK.write(null, 178), "");
  equal(MINUS_ONE.write(null, 178), "-1");
  equal(MINUS_TWO.write(null, 178), "-2");
});

Deno.test("unset integers and longs are null; an id keeps its 2147483647", () => {
  reads(INT_BLANK, [["", null], ["2147483647", null], ["0", 0], ["-1", -1]]);
  reads(INT_MAX, [["", null], ["2147483647", null], ["7", 7]]);
  reads(LONG_MAX, [["", null], ["9223372036854775807", null], ["1376327563", 1376327563]]);
  reads(INT, [["", 0], ["2147483647", 2147483647], ["-2147483648", -2147483648], ["+5", 5]]);
  reads(LONG, [["1775136600123", 1775136600123]]);
});

Deno.test("unset decimals are null in every client's spelling", () => {
  reads(QUANTITY_BLANK, [
    ["", null],
    ["9223372036854775807", null],
    ["170141183460469231731687303715884105727", null],
    ["79228162514264337593543950335", null],
    ["0", 0n],
  ]);
});

Deno.test("an offset may be infinite and says so in two spellings", () => {
  reads(OFFSET, [
    ["Infinity", Infinity],
    ["Infinite", Infinity],
    ["inf", Infinity],
    ["0.02", 0.02],
  ]);
  equal(OFFSET.write(Infinity, 178), "Infinity");
});

Deno.test("what is no number is refused, however long", () => {
  refuses(INT, "1.0", "a", " 1", "1e3", "0x10", "2147483649", "9".repeat(100), "1_000");
  refuses(LONG, "9007199254740993", "1.5");
  refuses(NUMBER, "NaN", "Infinity", "1,5", "1.5.2", "--1", "1".repeat(65));
  refuses(QUANTITY, "NaN", "lots", "0x10", " 1");
  refuses(MONEY_BLANK, "NaN", "Infinity", "1,000.50", "1e31");
  refuses(BOOL, "true", "yes", "1.5");
});

Deno.test("bools are read from numbers, and nothing is false", () => {
  reads(BOOL, [["1", true], ["0", false], ["", false], ["2", true]]);
  reads(BOOL_BLANK, [["1", true], ["0", false], ["", null], ["2147483647", null]]);
});

Deno.test("a bad field is quoted back in part only", () => {
  throws(
    () => INT.read("x".repeat(1000), 178),
    (error: unknown) => error instanceof FieldError && error.message.length < 150,
  );
});

Deno.test("prose leaves in ASCII from 153 on and as it is before", () => {
  equal(PROSE.write("Zürich €", 153), "Z\\u00fcrich \\u20ac");
  equal(PROSE.write("Zürich €", 152), "Zürich €");
  equal(PROSE.read("Z\\u00FCrich", 153), "Zürich");
  equal(PROSE.read("Z\\u00FCrich", 152), "Z\\u00FCrich");
  // Line ends are sent raw.
  equal(PROSE.write("Order Message:\nBUY", 178), "Order Message:\nBUY");
});

Deno.test("any prose survives, backslashes and escapes of its own included", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary" }), fc.constantFrom("", "\\", "\\u0041"), (a, b) => {
      const text = `${b}${a.replaceAll("\0", "")}${b}`;
      const written = PROSE.write(text, 178);
      equal(PROSE.read(written, 178), text);
      equal(/[\u0080-\uffff]/.test(written), false);
    }),
  );
});

Deno.test("NUL is refused in text and prose", () => {
  throws(() => TEXT.write("a\0b", 178), RangeError);
  throws(() => PROSE.write("a\0b", 178), RangeError);
});
