import { calendar } from "../calendar/calendar.ts";

/**
 * The exchange's sessions as the simulator needs them: opening and closing instants, and which session comes
 * before and after. What counts as a session day is for the calendar to say.
 */
export interface TradingSession {
  /** Exchange date, `2026-11-20`. */
  readonly date: string;
  /** Epoch ms. */
  readonly opensAt: number;
  readonly closesAt: number;
}

/** New York opens at 09:30 on every session, half days too. */
export const OPENING_TIME_OF_DAY_MS = 9.5 * 3_600_000;

/** Before the regular session (from 04:00), the session itself, and after it (four hours). */
export type SegmentKind = "early" | "regular" | "late";

export const SEGMENT_KINDS: readonly SegmentKind[] = ["early", "regular", "late"];

const EARLY_MS = 5.5 * 3_600_000;
const LATE_MS = 4 * 3_600_000;

/** The hours of a segment, from those of the regular session. */
export function segmentHours(regular: TradingSession, kind: SegmentKind): TradingSession {
  const { date, opensAt, closesAt } = regular;
  if (kind === "early") return { date, opensAt: opensAt - EARLY_MS, closesAt: opensAt };
  return kind === "late" ? { date, opensAt: closesAt, closesAt: closesAt + LATE_MS } : regular;
}

export type SessionLookup = (date: string) => TradingSession | null;

let known: TradingDays | undefined;

/**
 * The sessions of the New York exchanges; past the calendar's horizon there are none. Every market of the process
 * has the same: it walks through years of them before it knows the prices of its first day.
 */
export function newYorkDays(): TradingDays {
  if (known !== undefined) return known;
  const newYork = calendar("XNYS");
  const { first, last } = newYork.horizon;
  known = new TradingDays((date) => date < first || date > last ? null : newYork.session(date));
  return known;
}

export const EXCHANGE_TIME_ZONE = "America/New_York";

/** No exchange is closed for longer (11 September 2001: four sessions); more is a calendar without sessions. */
const CLOSED_DAYS_MAX = 14;

export class TradingDays {
  readonly #lookup: SessionLookup;
  readonly #sessions = new Map<string, TradingSession | null>(); // date → session
  readonly #next = new Map<string, string>(); // date → the day after it

  constructor(lookup: SessionLookup) {
    this.#lookup = lookup;
  }

  on(date: string): TradingSession | null {
    let session = this.#sessions.get(date);
    if (session === undefined) {
      session = this.#lookup(date);
      this.#sessions.set(date, session);
    }
    return session;
  }

  /** The day after `date`, session or not. */
  dayAfter(date: string): string {
    let next = this.#next.get(date);
    if (next === undefined) {
      next = addDays(date, 1);
      this.#next.set(date, next);
    }
    return next;
  }

  /** The nearest session before `date`; null where the calendar has none. */
  before(date: string): TradingSession | null {
    return this.#nearest(date, -1);
  }

  after(date: string): TradingSession | null {
    return this.#nearest(date, 1);
  }

  /** Sessions with `from` ≤ date ≤ `to`, oldest first. */
  between(from: string, to: string): TradingSession[] {
    const sessions: TradingSession[] = [];
    for (let date = from; date <= to; date = this.dayAfter(date)) {
      const session = this.on(date);
      if (session !== null) sessions.push(session);
    }
    return sessions;
  }

  #nearest(from: string, step: 1 | -1): TradingSession | null {
    let date = from;
    for (let day = 0; day < CLOSED_DAYS_MAX; day++) {
      date = addDays(date, step);
      const session = this.on(date);
      if (session !== null) return session;
    }
    return null;
  }
}

export function addDays(date: string, days: number): string {
  return Temporal.PlainDate.from(date).add({ days }).toString();
}

/** The exchange's date at an instant. */
export function exchangeDate(epochMs: number): string {
  return Temporal.Instant.fromEpochMilliseconds(epochMs).toZonedDateTimeISO(EXCHANGE_TIME_ZONE)
    .toPlainDate().toString();
}

/** The instant of a wall-clock time (`09:30`) on a date at the exchange. */
export function exchangeInstant(date: string, time: string): number {
  return Temporal.PlainDate.from(date).toZonedDateTime({
    timeZone: EXCHANGE_TIME_ZONE,
    plainTime: Temporal.PlainTime.from(time),
  }).epochMilliseconds;
}
