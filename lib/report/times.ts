import type { ExchangeCode } from "../calendar/exchange.ts";
import { XLON } from "../calendar/xlon.ts";
import { XNYS } from "../calendar/xnys.ts";

const ZONES: Readonly<Record<ExchangeCode, string>> = { XNYS: XNYS.zone, XLON: XLON.zone };

/** An exchange the calendar knows; null for any other name. */
export function exchangeCode(exchange: string): ExchangeCode | null {
  return exchange === "XNYS" || exchange === "XLON" ? exchange : null;
}

/** Zones change their offset on a quarter of an hour of UTC, so one answer serves the whole quarter. */
const QUARTER_MS = 900_000;

/** Instants in the exchange's zone, whatever the zone of this machine. */
export class ZoneTimes {
  readonly zone: string;
  readonly #offsets = new Map<number, number>(); // quarter of an hour since 1970 → offset in ms

  constructor(zone: string) {
    this.zone = zone;
  }

  /** Times in UTC when the exchange is not in the calendar: better than a guess. */
  static of(exchange: string): ZoneTimes {
    const code = exchangeCode(exchange);
    return new ZoneTimes(code === null ? "UTC" : ZONES[code]);
  }

  /** `09:31:05` */
  time(epochMs: number): string {
    return this.#local(epochMs).toISOString().slice(11, 19);
  }

  /** `09:31:05.120` */
  timeMs(epochMs: number): string {
    return this.#local(epochMs).toISOString().slice(11, 23);
  }

  /** `09:31` */
  minute(epochMs: number): string {
    return this.#local(epochMs).toISOString().slice(11, 16);
  }

  /** `2026-11-20` */
  date(epochMs: number): string {
    return this.#local(epochMs).toISOString().slice(0, 10);
  }

  /** `2026-11-20 09:31:05.120 -05:00`: says everything, for JSON and CSV. */
  full(epochMs: number): string {
    const minutes = Math.round(this.offset(epochMs) / 60_000);
    const [hours, rest] = [Math.trunc(Math.abs(minutes) / 60), Math.abs(minutes) % 60];
    const text = `${String(hours).padStart(2, "0")}:${String(rest).padStart(2, "0")}`;
    return `${this.date(epochMs)} ${this.timeMs(epochMs)} ${minutes < 0 ? "-" : "+"}${text}`;
  }

  /** `New York time (EST)` */
  label(epochMs: number): string {
    if (this.zone === "UTC") return "UTC";
    const city = (this.zone.split("/").at(-1) ?? this.zone).replaceAll("_", " ");
    const parts = new Intl.DateTimeFormat("en-US", { timeZone: this.zone, timeZoneName: "short" })
      .formatToParts(epochMs);
    const short = parts.find(({ type }) => type === "timeZoneName")?.value ?? this.zone;
    return `${city} time (${short})`;
  }

  /** A Date whose UTC fields read as the zone's. */
  #local(epochMs: number): Date {
    return new Date(epochMs + this.offset(epochMs));
  }

  /** Milliseconds that the zone is ahead of UTC. */
  offset(epochMs: number): number {
    const quarter = Math.floor(epochMs / QUARTER_MS);
    let offset = this.#offsets.get(quarter);
    if (offset === undefined) {
      offset = Temporal.Instant.fromEpochMilliseconds(quarter * QUARTER_MS)
        .toZonedDateTimeISO(this.zone).offsetNanoseconds / 1e6;
      this.#offsets.set(quarter, offset);
    }
    return offset;
  }
}

const WEEKDAYS = [
  "Monday",
  "Tuesday",
  "Wednesday",
  "Thursday",
  "Friday",
  "Saturday",
  "Sunday",
] as const;
const MONTHS = [
  "January",
  "February",
  "March",
  "April",
  "May",
  "June",
  "July",
  "August",
  "September",
  "October",
  "November",
  "December",
] as const;

/** `Friday 20 November 2026` */
export function longDate(date: string): string {
  const { dayOfWeek, day, month, year } = Temporal.PlainDate.from(date);
  return `${WEEKDAYS[dayOfWeek - 1] ?? ""} ${day} ${MONTHS[month - 1] ?? ""} ${year}`;
}
