/** Times in clients' requests. */

export interface RequestTime {
  readonly epochMs: number;
  /** No zone was given: TWS takes its own and warns (2174). */
  readonly isZoneImplied: boolean;
}

/** `20261120 09:30:00 US/Eastern`, `20261120-14:30:00` (UTC), or without a zone. */
const TIME = /^(\d{4})(\d\d)(\d\d)([ -])\s*(\d{1,2}):(\d\d)(?::(\d\d))?(?:\s+(\S.*))?$/;
const DEFAULT_ZONE = "America/New_York";
/** Windows and abbreviated names that TWS takes and Temporal does not, or takes for a fixed offset. */
const ZONES: ReadonlyMap<string, string> = new Map([
  ["EST", DEFAULT_ZONE],
  ["EDT", DEFAULT_ZONE],
  ["EST5EDT", DEFAULT_ZONE],
  ["Eastern Standard Time", DEFAULT_ZONE],
]);

/** Undefined when the text is no time, or its zone unknown. */
export function parseRequestTime(text: string): RequestTime | undefined {
  const match = TIME.exec(text.trim());
  if (match === null) return undefined;
  const [, year, month, day, separator, hour, minute, second, zone] = match;
  const isUtc = separator === "-" && zone === undefined;
  const timeZone = isUtc ? "UTC" : zone === undefined ? DEFAULT_ZONE : ZONES.get(zone) ?? zone;
  try {
    const epochMs = Temporal.ZonedDateTime.from({
      timeZone,
      year: Number(year),
      month: Number(month),
      day: Number(day),
      hour: Number(hour),
      minute: Number(minute),
      second: Number(second ?? 0),
    }, { overflow: "reject" }).epochMilliseconds;
    return { epochMs, isZoneImplied: !isUtc && zone === undefined };
  } catch (error) {
    // A month of 13, an hour of 25, a zone nobody knows.
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}
