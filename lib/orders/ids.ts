/**
 * ULIDs: 48 bits of milliseconds and 80 of chance in Crockford's base 32, so that ids sort by the time they were
 * made. Within one millisecond the next id is the last one plus one.
 */

const ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
const TIME_MAX = 2 ** 48 - 1;
const TIME_LENGTH = 10;
const CHANCE_LENGTH = 16;
const CHANCE_BITS = 80n;
/** The last digits are counted as a number; those before them change once in a million ids. */
const COUNTER_LENGTH = 4;
const COUNTER_BITS = 20n;
const COUNTER_MAX = 2 ** 20 - 1;
const DIGIT_MAX = 31;
const CHANCE_BYTES = 10;

/** Set before every orderRef of ours, so that orders of other programs are told apart. */
const REF_PREFIX = "RT-";
const ULID = /^[0-7][0-9A-HJKMNP-TV-Z]{25}$/;

/** What chance is drawn from: a filler of bytes, such as `crypto.getRandomValues` or a seeded one. */
export type RandomBytes = (bytes: Uint8Array<ArrayBuffer>) => void;

/** A source of ids that never repeats and never goes backwards, even when its clock does. */
export function ulidSource(options: {
  readonly now: () => number;
  readonly random: RandomBytes;
}): () => string {
  let timeMs = -1;
  let leading = 0n; // digits of chance before the counted ones
  let counter = 0;
  let head = "";
  const start = (ms: number, chance: bigint): void => {
    timeMs = ms;
    leading = chance >> COUNTER_BITS;
    counter = Number(BigInt.asUintN(Number(COUNTER_BITS), chance));
    head = encode(BigInt(ms), TIME_LENGTH) + encode(leading, CHANCE_LENGTH - COUNTER_LENGTH);
  };
  return () => {
    const nowMs = options.now();
    if (!Number.isInteger(nowMs) || nowMs < 0 || nowMs > TIME_MAX) {
      throw new RangeError(`Cannot make an id at ${nowMs}: not a time in milliseconds`);
    }
    if (nowMs > timeMs) start(nowMs, draw(options.random));
    else if (counter < COUNTER_MAX) counter++;
    else {
      const next = (leading + 1n) << COUNTER_BITS;
      // 2^80 ids in one millisecond do not happen, but a draw of all ones may: then the id borrows the next one.
      if (next >> CHANCE_BITS > 0n) start(timeMs + 1, 0n);
      else start(timeMs, next);
    }
    return head + encodeCounter(counter);
  };
}

/** The `orderRef` under which an intent's order is known to the broker. */
export function orderRefOf(intentId: string): string {
  return REF_PREFIX + intentId;
}

/** What an `orderRef` of ours has as its intent; of another program's anything. */
export function idWithin(orderRef: string): string {
  return orderRef.slice(REF_PREFIX.length);
}

/** The intent of an `orderRef`; null when it is not one of ours. */
export function intentIdOf(orderRef: string): string | null {
  if (!orderRef.startsWith(REF_PREFIX)) return null;
  const intentId = idWithin(orderRef);
  return ULID.test(intentId) ? intentId : null;
}

function draw(random: RandomBytes): bigint {
  const bytes = new Uint8Array(CHANCE_BYTES);
  random(bytes);
  return bytes.reduce((value, byte) => (value << 8n) | BigInt(byte), 0n);
}

/** JavaScript's digit → Crockford's, where they differ. */
const CROCKFORD: Readonly<Record<string, string>> = Object.fromEntries(
  [..."ijklmnopqrstuv"].map((digit) => [digit, ALPHABET[parseInt(digit, 32)] ?? ""]),
);

/** JavaScript writes base 32 with 0 to 9 and a to v; Crockford leaves out I, L, O and U. */
function encode(value: bigint, length: number): string {
  const digits = value.toString(32).replace(/[i-v]/g, (digit) => CROCKFORD[digit] ?? digit);
  return digits.toUpperCase().padStart(length, "0");
}

function encodeCounter(value: number): string {
  const digit = (shift: number): string => ALPHABET[(value >> shift) & DIGIT_MAX] ?? "";
  return digit(15) + digit(10) + digit(5) + digit(0);
}
