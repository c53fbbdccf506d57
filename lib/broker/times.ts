/** Times as TWS writes them, to epoch ms and back. */

const STAMP = /^(\d{4})(\d{2})(\d{2})(-| +)([01]\d|2[0-3]):([0-5]\d):([0-5]\d)(?: +(.+))?$/;
const DAY = /^(\d{4})(\d{2})(\d{2})$/;
const EPOCH_SECONDS = /^\d{9,11}$/;

/** Where Interactive Brokers lives: the zone of a stamp without one, when the login's is unknown too. */
const HOME_ZONE = "America/New_York";

/** Names TWS prints that are no IANA zone, or are one that knows no summer time. */
const ZONE_ALIASES: ReadonlyMap<string, string> = new Map([
  ["EST", HOME_ZONE],
  ["EDT", HOME_ZONE],
  ["Eastern Standard Time", HOME_ZONE],
  ["CST", "America/Chicago"],
  ["CDT", "America/Chicago"],
  ["Central Standard Time", "America/Chicago"],
  ["MST", "America/Denver"],
  ["MDT", "America/Denver"],
  ["PST", "America/Los_Angeles"],
  ["PDT", "America/Los_Angeles"],
  ["Pacific Standard Time", "America/Los_Angeles"],
  ["GMT", "UTC"],
  ["BST", "Europe/London"],
  ["GMT Standard Time", "Europe/London"],
  ["CEST", "Europe/Berlin"],
  ["Central European Standard Time", "Europe/Warsaw"],
  ["W. Europe Standard Time", "Europe/Berlin"],
]);

/** Hours kept converted. A session sees a dozen; more means a stranger fills the cache, and it starts again. */
const CACHED_HOURS_MAX = 1_000;

/** The IANA zone TWS means by `name`; null when there is no such zone. */
export function ianaZone(name: string): string | null {
  const zone = ZONE_ALIASES.get(name) ?? name;
  try {
    Temporal.PlainDate.from("2026-01-02").toZonedDateTime(zone);
    return zone;
  } catch (error) {
    if (error instanceof RangeError) return null;
    throw error;
  }
}

/** Reads the stamps of one connection. A conversion costs microseconds, so whole hours are remembered. */
export class TwsTimes {
  /** Zone of stamps that name none: the one TWS was logged in with. */
  readonly #loginZone: string;
  // `20260413 15 US/Eastern` → epoch ms of 15:00:00
  readonly #hours = new Map<string, number>();

  /** `connectionTime` is what TWS said when greeting: `20260402 09:30:00 EST`. */
  constructor(connectionTime: string) {
    const named = STAMP.exec(connectionTime)?.[8];
    this.#loginZone = (named === undefined ? null : ianaZone(named)) ?? HOME_ZONE;
  }

  /**
   * Epoch ms of `20260413 15:27:04 US/Eastern`, of `20230224  12:04:56` (login zone), of `20260413-19:27:04`
   * (UTC), or of epoch seconds.
   *
   * @throws {RangeError} when the text is none of these
   */
  parse(text: string): number {
    if (EPOCH_SECONDS.test(text)) return Number(text) * 1000;
    const match = STAMP.exec(text);
    if (match === null) throw new RangeError(`Cannot read "${text}" as a time of TWS`);
    const [, year, month, day, separator, hour, minute, second, zone] = match;
    const zoneName = zone ?? (separator === "-" ? "UTC" : this.#loginZone);
    const hourMs = this.#hour({ date: `${year}-${month}-${day}`, hour: hour ?? "", zoneName });
    return hourMs + (Number(minute) * 60 + Number(second)) * 1000;
  }

  #hour({ date, hour, zoneName }: { date: string; hour: string; zoneName: string }): number {
    const key = `${date} ${hour} ${zoneName}`;
    const known = this.#hours.get(key);
    if (known !== undefined) return known;
    if (this.#hours.size >= CACHED_HOURS_MAX) this.#hours.clear();
    const zone = ianaZone(zoneName) ?? this.#loginZone;
    const hourMs = Temporal.PlainDateTime.from(`${date}T${hour}:00:00`, { overflow: "reject" })
      .toZonedDateTime(zone).epochMilliseconds;
    this.#hours.set(key, hourMs);
    return hourMs;
  }
}

/**
 * Start of a bar of history, epoch ms: epoch seconds as `formatDate` 2 asks for, or `20260402` (a day, week or
 * month), which starts at midnight in the instrument's zone.
 *
 * @throws {RangeError} when the text is neither
 */
export function barStartMs(text: string, timeZoneId: string): number {
  if (EPOCH_SECONDS.test(text)) return Number(text) * 1000;
  const match = DAY.exec(text);
  if (match === null) throw new RangeError(`Cannot read "${text}" as the time of a bar`);
  const zone = ianaZone(timeZoneId) ?? HOME_ZONE;
  return Temporal.PlainDate.from(text).toZonedDateTime(zone).epochMilliseconds;
}

/** `20260402-13:30:00`, UTC: the one form of request times that every TWS takes without a warning. */
export function utcStamp(atMs: number): string {
  const text = Temporal.Instant.fromEpochMilliseconds(Math.floor(atMs)).toString();
  return `${text.slice(0, 10).replaceAll("-", "")}-${text.slice(11, 19)}`;
}
