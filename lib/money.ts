/**
 * Exact money and quantities: whole numbers of 1e-6 ("micros") in a bigint.
 *
 * Cash, prices of fills, commissions and share quantities are micros, because 0.1 + 0.2 must be 0.3.
 * Indicators and charts may use numbers; nothing computed from those ever reaches cash.
 */
export type Micros = bigint;

export const MICROS_PER_UNIT = 1_000_000n;
export const ZERO: Micros = 0n;

const DECIMAL = /^([+-]?)(\d+)(?:\.(\d*))?(?:[eE]([+-]?\d+))?$/;
/** Quantities and prices on the TWS wire never need a larger exponent; more is not a price. */
const EXPONENT_MAX = 30;
/** Below it a product is off by less than a quarter. */
const SHORTCUT_MAX = 2 ** 50;
/** Twice the part of itself by which a product can be off: the number and the product are each rounded to 53 bits. */
const SHORTCUT_ERROR = 2 ** -51;

/**
 * Parses decimal text such as `182.9400`, `-3`, `1e-7` or the `+100E+0` of IB's C++ client.
 * Digits beyond the sixth decimal are rounded half to even.
 *
 * @throws {SyntaxError} when the text is not a finite decimal
 */
export function parseMicros(text: string): Micros {
  return parsePlain(text) ?? parseAny(text);
}

const CODE = { minus: 45, dot: 46, zero: 48, nine: 57 } as const;
/** Sixteen digits may be more than a number holds exactly. */
const PLAIN_DIGITS_MAX = 15;
const DECIMALS = 6;

/** `182.94` or `-3`, as nearly every amount in a ledger is written, digit by digit; null for anything else. */
function parsePlain(text: string): Micros | null {
  const start = text.charCodeAt(0) === CODE.minus ? 1 : 0;
  let [value, digits, point] = [0, 0, -1];
  for (let index = start; index < text.length; index++) {
    const code = text.charCodeAt(index);
    if (code >= CODE.zero && code <= CODE.nine) {
      value = value * 10 + (code - CODE.zero);
      digits++;
    } else if (code === CODE.dot && point < 0 && digits > 0) point = index;
    else return null;
  }
  const decimals = point < 0 ? 0 : text.length - point - 1;
  if (digits === 0 || decimals > DECIMALS) return null;
  for (let place = decimals; place < DECIMALS; place++, digits++) value *= 10;
  if (digits > PLAIN_DIGITS_MAX) return null;
  return BigInt(start === 1 ? -value : value);
}

function parseAny(text: string): Micros {
  const match = DECIMAL.exec(text.trim());
  if (match === null) throw new SyntaxError(`Cannot read "${text}" as a decimal number`);
  const [, sign = "", whole = "0", fraction = "", exponentText = "0"] = match;
  const exponent = Number(exponentText);
  if (Math.abs(exponent) > EXPONENT_MAX) {
    throw new SyntaxError(`Cannot read "${text}" as a decimal number: exponent too large`);
  }
  const scale = 6 + exponent - fraction.length;
  const digits = BigInt(whole + fraction);
  const magnitude = scale >= 0
    ? digits * 10n ** BigInt(scale)
    : divideHalfEven(digits, 10n ** BigInt(-scale));
  return sign === "-" ? -magnitude : magnitude;
}

/**
 * Micros of a finite number, by its shortest decimal text: 0.1 is exactly 100000 micros.
 *
 * @throws {RangeError} for NaN and infinities
 */
export function fromNumber(value: number): Micros {
  if (!Number.isFinite(value)) throw new RangeError(`Cannot make money of ${value}: not finite`);
  const micros = value * 1e6;
  const nearest = Math.round(micros);
  const size = Math.abs(micros);
  // Farther from a half than it can be off, the product rounds as the decimal text would.
  if (size < SHORTCUT_MAX && Math.abs(micros - nearest) + size * SHORTCUT_ERROR < 0.5) {
    return BigInt(nearest);
  }
  return parseMicros(String(value));
}

/** Shortest decimal text: `182.94`, `-3`, `0`. The inverse of `parseMicros`. */
export function formatMicros(value: Micros): string {
  const magnitude = value < 0n ? -value : value;
  const whole = magnitude / MICROS_PER_UNIT;
  const fraction = (magnitude % MICROS_PER_UNIT).toString().padStart(6, "0").replace(/0+$/, "");
  return `${value < 0n ? "-" : ""}${whole}${fraction === "" ? "" : `.${fraction}`}`;
}

/** For people: rounded half to even to `decimals`, with thousands separators: `-1,234.50`. */
export function formatMoney(value: Micros, decimals = 2): string {
  const unit = 10n ** BigInt(6 - decimals);
  const rounded = divideHalfEven(value < 0n ? -value : value, unit);
  const text = rounded.toString().padStart(decimals + 1, "0");
  const whole = text.slice(0, text.length - decimals).replace(/\B(?=(\d{3})+$)/g, ",");
  const sign = value < 0n && rounded !== 0n ? "-" : "";
  return `${sign}${whole}${decimals === 0 ? "" : `.${text.slice(text.length - decimals)}`}`;
}

/** For charts and ratios only. */
export function toNumber(value: Micros): number {
  return Number(value) / 1e6;
}

/** price × quantity, rounded half to even to a micro. */
export function multiply(a: Micros, b: Micros): Micros {
  return divideHalfEven(a * b, MICROS_PER_UNIT);
}

/**
 * a ÷ b, rounded half to even to a micro.
 *
 * @throws {RangeError} when b is zero
 */
export function divide(a: Micros, b: Micros): Micros {
  if (b === 0n) throw new RangeError(`Cannot divide ${formatMicros(a)} by zero`);
  return divideHalfEven(a * MICROS_PER_UNIT, b);
}

export function absolute(value: Micros): Micros {
  return value < 0n ? -value : value;
}

export function least(a: Micros, b: Micros): Micros {
  return a < b ? a : b;
}

export function greatest(a: Micros, b: Micros): Micros {
  return a > b ? a : b;
}

/** The multiple of `step` nearest to `value`; halves go up. Prices onto their tick. */
export function roundToStep(value: Micros, step: Micros): Micros {
  if (step <= 0n) throw new RangeError(`Cannot round to a step of ${formatMicros(step)}`);
  return floorToStep(value + step / 2n, step);
}

/** The multiple of `step` at or below `value`. Quantities onto their lot. */
export function floorToStep(value: Micros, step: Micros): Micros {
  if (step <= 0n) throw new RangeError(`Cannot round to a step of ${formatMicros(step)}`);
  const remainder = value % step;
  return remainder < 0n ? value - remainder - step : value - remainder;
}

function divideHalfEven(a: bigint, b: bigint): bigint {
  const quotient = a / b;
  const remainder = a - quotient * b;
  if (remainder === 0n) return quotient;
  const twice = 2n * (remainder < 0n ? -remainder : remainder);
  const size = b < 0n ? -b : b;
  if (twice < size || (twice === size && quotient % 2n === 0n)) return quotient;
  return (a < 0n) === (b < 0n) ? quotient + 1n : quotient - 1n;
}
