import { formatMicros, type Micros, parseMicros } from "../money.ts";
import { SINCE } from "./versions.ts";

/**
 * Field values as text, with every spelling of "unset" that TWS and its clients use.
 *
 * A name ending in _BLANK, _MAX … says how an unset value is written; all spellings are read.
 */

/** How one kind of value is written to and read from a field. */
export interface Scalar<T> {
  /** The value where a server version's message lacks the field. */
  readonly blank: T;
  /** @throws {RangeError} when the value cannot be a field */
  write(value: T, serverVersion: number): string;
  /** @throws {FieldError} when the text is no such value */
  read(text: string, serverVersion: number): T;
}

/** The other side sent a field that is not what its place demands. The message tells it so. */
export class FieldError extends Error {
  override readonly name = "FieldError";
}

const INT32_MAX = 2147483647;
const INT64_MAX = 9223372036854775807n;
/**
 * From here on a double is unset: C++ and C# print DBL_MAX rounded up (`1.797693135e+308`), which parses to
 * Infinity.
 */
const UNSET_DOUBLE = 1.79e308;
const UNSET_DOUBLE_TEXT = "1.7976931348623157E308";
/**
 * From here on a decimal is unset: 2^63 - 1 of Java, 2^127 - 1 of Python, 2^96 - 1 of C#. No account holds that many
 * shares.
 */
const UNSET_DECIMAL = 9.2e18;
/** The longest number of any client has 40 characters. A longer one would only cost time. */
const NUMBER_CHARS_MAX = 64;
/** How much of a bad field is quoted back. */
const QUOTED_CHARS_MAX = 40;

const INTEGER = /^[+-]?\d+$/;
const DECIMAL = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/;

/** Words as they are. */
export const TEXT: Scalar<string> = {
  blank: "",
  write: (value) => {
    if (value.includes("\0")) {
      throw new RangeError(`Cannot send a field with NUL in it: "${value}"`);
    }
    return value;
  },
  read: (text) => text,
};

/**
 * Sentences and names of things. Since 153 TWS sends these in ASCII with `\uXXXX` escapes; the backslash is escaped
 * too, because clients read it as the beginning of an escape.
 */
export const PROSE: Scalar<string> = {
  blank: "",
  write: (value, serverVersion) => {
    const text = TEXT.write(value, serverVersion);
    return serverVersion < SINCE.ENCODE_MSG_ASCII7 ? text : text.replace(NOT_ASCII, escapeUnit);
  },
  read: (text, serverVersion) =>
    serverVersion < SINCE.ENCODE_MSG_ASCII7 ? text : text.replace(ESCAPE, unescapeUnit),
};

const NOT_ASCII = /[\\\u0080-\uffff]/g;
const ESCAPE = /\\u([0-9a-fA-F]{4})/g;

function escapeUnit(unit: string): string {
  return `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`;
}

function unescapeUnit(_escape: string, hex: string): string {
  return String.fromCharCode(parseInt(hex, 16));
}

/** A whole number of 32 bits; a blank field is 0. 2147483647 stays itself: an id may be that. */
export const INT: Scalar<number> = {
  blank: 0,
  write: (value) => {
    if (!Number.isSafeInteger(value)) throw new RangeError(`Cannot send ${value} as an integer`);
    return String(value);
  },
  read: (text) => {
    if (text === "") return 0;
    const value = integer(text);
    if (Math.abs(value) > INT32_MAX + 1) throw malformed(text);
    return value;
  },
};

/** A whole number beyond 32 bits: permId, epoch milliseconds. */
export const LONG: Scalar<number> = {
  blank: 0,
  write: INT.write,
  read: (text) => text === "" ? 0 : integer(text),
};

export const INT_BLANK: Scalar<number | null> = nullable(INT, "", isUnsetInt);
export const INT_MAX: Scalar<number | null> = nullable(INT, String(INT32_MAX), isUnsetInt);
export const LONG_MAX: Scalar<number | null> = nullable(
  LONG,
  String(INT64_MAX),
  (text) => text === "" || text === String(INT64_MAX),
);

export const BOOL: Scalar<boolean> = {
  blank: false,
  write: (value) => value ? "1" : "0",
  read: (text) => text !== "" && text !== "0" && integer(text) !== 0,
};

export const BOOL_BLANK: Scalar<boolean | null> = nullable(BOOL, "", isUnsetInt);

/** A double in its shortest text: `200.1`, `0`. A blank field is 0. */
export const NUMBER: Scalar<number> = { blank: 0, write: finite, read: double };

/** A double the way Java prints it: `200.1`, `0.0`, `1.0E7`. */
export const JAVA: Scalar<number> = { blank: 0, write: javaDouble, read: double };

/** A double where unset means 0. */
export const AMOUNT: Scalar<number> = {
  blank: 0,
  write: finite,
  read: (text) => isUnsetDouble(text) ? 0 : double(text),
};

export const JAVA_BLANK: Scalar<number | null> = nullable(JAVA, "", isUnsetDouble);
export const JAVA_MAX: Scalar<number | null> = nullable(JAVA, UNSET_DOUBLE_TEXT, isUnsetDouble);
/** Option figures: -1, or -2 where -1 is a possible value, is "not computed". */
export const MINUS_ONE: Scalar<number | null> = nullable(NUMBER, "-1", isUnsetOr(-1));
export const MINUS_TWO: Scalar<number | null> = nullable(NUMBER, "-2", isUnsetOr(-2));

/** An offset that may be infinite: `Infinity` of the official clients, `Infinite` of ib_async. */
export const OFFSET: Scalar<number | null> = {
  blank: null,
  write: (value) => value === Infinity ? "Infinity" : JAVA_BLANK.write(value, 0),
  read: (text) => /^\+?inf/i.test(text) ? Infinity : JAVA_BLANK.read(text, 0),
};

/** A quantity, exact: `100`, `0.5`, `1E+2`. Blank and unset are 0. */
export const QUANTITY: Scalar<Micros> = {
  blank: 0n,
  write: decimalText,
  read: (text) => isUnsetDecimal(text) ? 0n : decimal(text),
};

export const QUANTITY_BLANK: Scalar<Micros | null> = nullable(QUANTITY, "", isUnsetDecimal);

/** Money and prices, exact, printed the way Java prints doubles: `196.0`. A blank field is 0. */
export const MONEY: Scalar<Micros> = {
  blank: 0n,
  write: javaDecimal,
  read: (text) => text === "" ? 0n : decimal(text),
};

export const MONEY_BLANK: Scalar<Micros | null> = nullable(MONEY, "", isUnsetDouble);
export const MONEY_MAX: Scalar<Micros | null> = nullable(MONEY, UNSET_DOUBLE_TEXT, isUnsetDouble);

/** What a nullable scalar was made of, and how its null is written. */
function nullable<T>(
  scalar: Scalar<T>,
  unset: string,
  isUnset: (text: string) => boolean,
): Scalar<T | null> {
  return {
    blank: null,
    write: (value, serverVersion) => value === null ? unset : scalar.write(value, serverVersion),
    read: (text, serverVersion) => isUnset(text) ? null : scalar.read(text, serverVersion),
  };
}

function isUnsetInt(text: string): boolean {
  return text === "" || text === "2147483647";
}

function isUnsetDouble(text: string): boolean {
  return text === "" || (DECIMAL.test(text) && Math.abs(Number(text)) >= UNSET_DOUBLE);
}

function isUnsetDecimal(text: string): boolean {
  return text === "" || (DECIMAL.test(text) && Math.abs(Number(text)) >= UNSET_DECIMAL);
}

function isUnsetOr(sentinel: number): (text: string) => boolean {
  return (text) => isUnsetDouble(text) || Number(text) === sentinel;
}

function integer(text: string): number {
  const value = Number(text);
  if (text.length > NUMBER_CHARS_MAX || !INTEGER.test(text) || !Number.isSafeInteger(value)) {
    throw malformed(text);
  }
  return value;
}

function double(text: string): number {
  if (text === "") return 0;
  if (text.length > NUMBER_CHARS_MAX || !DECIMAL.test(text)) throw malformed(text);
  return Number(text);
}

function decimal(text: string): Micros {
  if (text.length > NUMBER_CHARS_MAX || !DECIMAL.test(text)) throw malformed(text);
  try {
    return parseMicros(text);
  } catch (error) {
    if (error instanceof SyntaxError) throw malformed(text);
    throw error;
  }
}

/** In TWS's own words. */
function malformed(text: string): FieldError {
  const quoted = text.length > QUOTED_CHARS_MAX ? `${text.slice(0, QUOTED_CHARS_MAX)}...` : text;
  return new FieldError(
    `Unable to parse data. java.lang.NumberFormatException: For input string: "${quoted}"`,
  );
}

function finite(value: number): string {
  if (!Number.isFinite(value)) throw new RangeError(`Cannot send ${value} as a number`);
  return String(value);
}

function javaDouble(value: number): string {
  const text = finite(value);
  const size = Math.abs(value);
  if (size === 0) return "0.0";
  if (size >= 1e-3 && size < 1e7) return withPoint(text);
  const [mantissa = "", exponent = ""] = value.toExponential().split("e");
  return `${withPoint(mantissa)}E${Number(exponent)}`;
}

/** Below 10^15 micros a double holds every digit, and prints ten times as fast as a bigint. */
const EXACT_MICROS_MAX = 10n ** 15n;

function decimalText(value: Micros): string {
  return -EXACT_MICROS_MAX < value && value < EXACT_MICROS_MAX
    ? String(Number(value) / 1e6)
    : formatMicros(value);
}

/** Always without an exponent, which every client reads and which stays exact. */
function javaDecimal(value: Micros): string {
  return withPoint(decimalText(value));
}

function withPoint(text: string): string {
  return text.includes(".") ? text : `${text}.0`;
}
