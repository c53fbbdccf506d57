import { isWeekend } from "./day_rules.ts";
import type { ExchangeCode, ExchangeRules } from "./exchange.ts";
import { type CalendarOverride, CalendarOverrideError } from "./overrides.ts";
import { XLON } from "./xlon.ts";
import { XNYS } from "./xnys.ts";

/** Regular trading of one day: open at `opensAt`, closed from `closesAt` on. */
export interface Session {
  readonly exchange: ExchangeCode;
  /** Date at the exchange, `2026-11-20`. */
  readonly date: string;
  /** IANA zone of the exchange, `America/New_York`. */
  readonly zone: string;
  /** Epoch ms. */
  readonly opensAt: number;
  /** Epoch ms; this instant is no longer in the session. */
  readonly closesAt: number;
  /** Closes before the regular time. */
  readonly early: boolean;
  /** Why it closes early; null of a full day. */
  readonly name: string | null;
}

/** Pure: the same answers on every machine, whatever its time zone. */
export interface Calendar {
  readonly exchange: ExchangeCode;
  readonly zone: string;
  /** Local open and close of a full day, `09:30` and `16:00`. */
  readonly hours: { readonly opensAt: string; readonly closesAt: string };
  /** First and last date that is known. Every method throws CalendarHorizonError beyond them. */
  readonly horizon: { readonly first: string; readonly last: string };
  /** The session of a date such as `2026-11-20`; null when closed. */
  session(date: string): Session | null;
  /** The holiday's name or `weekend`; null when the exchange opens on that date. */
  reasonClosed(date: string): string | null;
  /** The session in progress at an instant; null between sessions. */
  sessionAt(epochMs: number): Session | null;
  /** The first session that opens later than this instant. */
  nextSession(afterMs: number): Session;
  /** The last session that has closed at this instant. */
  previousSession(beforeMs: number): Session;
}

/** The calendar says nothing about this date. Unknown is not closed and not open: a session must be refused. */
export class CalendarHorizonError extends RangeError {
  override readonly name = "CalendarHorizonError";
}

const RULES: Readonly<Record<ExchangeCode, ExchangeRules>> = { XNYS, XLON };

/**
 * The sessions of an exchange, with announcements that came after this release merged in. Building one costs a
 * few milliseconds; keep it.
 *
 * @throws {CalendarOverrideError} when an override contradicts the calendar or another override
 */
export function calendar(
  code: ExchangeCode,
  overrides: readonly CalendarOverride[] = [],
): Calendar {
  return new RuleCalendar(RULES[code], overrides);
}

interface EarlyClose {
  readonly name: string;
  readonly closesAt: string;
}

class RuleCalendar implements Calendar {
  readonly exchange: ExchangeCode;
  readonly zone: string;
  readonly hours: { readonly opensAt: string; readonly closesAt: string };
  readonly horizon: { readonly first: string; readonly last: string };
  readonly #rules: ExchangeRules;
  /** First instant within the horizon and first instant past it. */
  readonly #startMs: number;
  readonly #endMs: number;
  /** date → why closed, weekends left out */
  readonly #closed = new Map<string, string>();
  /** date → early close */
  readonly #early = new Map<string, EarlyClose>();
  /** date → session; Temporal takes microseconds a conversion, so each date is converted once */
  readonly #sessions = new Map<string, Session | null>();

  constructor(rules: ExchangeRules, overrides: readonly CalendarOverride[]) {
    this.#rules = rules;
    this.exchange = rules.code;
    this.zone = rules.zone;
    this.hours = { opensAt: rules.opensAt, closesAt: rules.closesAt };
    this.horizon = { first: `${rules.firstYear}-01-01`, last: `${rules.lastYear}-12-31` };
    this.#startMs = this.#epochMs(this.horizon.first, "00:00");
    this.#endMs = this.#epochMs(`${rules.lastYear + 1}-01-01`, "00:00");
    for (let year = rules.firstYear; year <= rules.lastYear; year++) {
      for (const { date, name } of rules.holidays(year)) this.#closed.set(date.toString(), name);
      for (const { date, name } of rules.halfDays(year)) {
        this.#early.set(date.toString(), { name, closesAt: rules.halfDayClosesAt });
      }
    }
    for (const { date, name } of rules.specialClosures) this.#closed.set(date, name);
    this.#merge(overrides.filter(({ exchange }) => exchange === rules.code));
  }

  session(date: string): Session | null {
    let session = this.#sessions.get(date);
    if (session === undefined) {
      session = this.#makeSession(this.#knownDate(date));
      this.#sessions.set(date, session);
    }
    return session;
  }

  reasonClosed(date: string): string | null {
    const known = this.#knownDate(date);
    return this.#closed.get(date) ?? (isWeekend(known) ? "weekend" : null);
  }

  sessionAt(epochMs: number): Session | null {
    for (const date of this.#datesAround(epochMs)) {
      const session = this.session(date);
      if (session !== null && session.opensAt <= epochMs && epochMs < session.closesAt) {
        return session;
      }
    }
    return null;
  }

  nextSession(afterMs: number): Session {
    let [date] = this.#datesAround(afterMs);
    for (; date !== undefined && date <= this.horizon.last; date = addDays(date, 1)) {
      const session = this.session(date);
      if (session !== null && session.opensAt > afterMs) return session;
    }
    throw this.#beyondHorizon(`a session after ${instantText(afterMs)}`);
  }

  previousSession(beforeMs: number): Session {
    let date = this.#datesAround(beforeMs).at(-1);
    for (; date !== undefined && date >= this.horizon.first; date = addDays(date, -1)) {
      const session = this.session(date);
      if (session !== null && session.closesAt <= beforeMs) return session;
    }
    throw this.#beyondHorizon(`a session before ${instantText(beforeMs)}`);
  }

  /** The dates, of those known, that can be today somewhere on Earth: no zone is a day away from UTC. */
  #datesAround(epochMs: number): readonly string[] {
    if (!(epochMs >= this.#startMs && epochMs < this.#endMs)) {
      throw this.#beyondHorizon(instantText(epochMs));
    }
    const utcDate = instantText(epochMs).slice(0, "2026-11-20".length);
    return [addDays(utcDate, -1), utcDate, addDays(utcDate, 1)]
      .filter((date) => date >= this.horizon.first && date <= this.horizon.last);
  }

  #makeSession(date: Temporal.PlainDate): Session | null {
    const iso = date.toString();
    if (isWeekend(date) || this.#closed.has(iso)) return null;
    const early = this.#early.get(iso);
    return {
      exchange: this.exchange,
      date: iso,
      zone: this.zone,
      opensAt: this.#epochMs(iso, this.#rules.opensAt),
      closesAt: this.#epochMs(iso, early?.closesAt ?? this.#rules.closesAt),
      early: early !== undefined,
      name: early?.name ?? null,
    };
  }

  #merge(overrides: readonly CalendarOverride[]): void {
    const seen = new Set<string>();
    for (const override of overrides) {
      const { date, because } = override;
      if (seen.has(date)) throw this.#contradiction(date, "it is listed twice");
      seen.add(date);
      if (date < this.horizon.first || date > this.horizon.last) {
        throw this.#contradiction(date, "it is beyond the calendar's horizon");
      }
      if ("closed" in override) {
        this.#closed.set(date, because);
      } else {
        this.#mergeEarlyClose(date, { name: because, closesAt: override.closesAt });
      }
    }
  }

  #mergeEarlyClose(date: string, early: EarlyClose): void {
    const reason = this.reasonClosed(date);
    if (reason !== null) throw this.#contradiction(date, `the exchange is closed (${reason})`);
    const { opensAt, closesAt } = this.#rules;
    if (early.closesAt <= opensAt || early.closesAt >= closesAt) {
      throw this.#contradiction(date, `${early.closesAt} is not within ${opensAt}-${closesAt}`);
    }
    this.#early.set(date, early);
  }

  #contradiction(date: string, because: string): CalendarOverrideError {
    return new CalendarOverrideError(`Cannot override ${this.exchange} ${date}: ${because}`);
  }

  #knownDate(date: string): Temporal.PlainDate {
    const parsed = plainDate(date);
    if (date < this.horizon.first || date > this.horizon.last) throw this.#beyondHorizon(date);
    return parsed;
  }

  #beyondHorizon(what: string): CalendarHorizonError {
    const { first, last } = this.horizon;
    return new CalendarHorizonError(
      `Cannot tell ${what}: the ${this.exchange} calendar knows ${first} to ${last}; ` +
        `do not trade, update robo-trader first`,
    );
  }

  #epochMs(date: string, time: string): number {
    return Temporal.PlainDateTime.from(`${date}T${time}`).toZonedDateTime(this.zone)
      .epochMilliseconds;
  }
}

function plainDate(date: string): Temporal.PlainDate {
  if (!/^\d{4}-\d\d-\d\d$/.test(date)) {
    throw new RangeError(`Cannot read date "${date}": write it as 2026-11-20`);
  }
  return Temporal.PlainDate.from(date);
}

function addDays(date: string, days: number): string {
  return Temporal.PlainDate.from(date).add({ days }).toString();
}

/** Not `toISOString`, which throws for what is no time at all: NaN shall read as NaN. */
function instantText(epochMs: number): string {
  return Number.isInteger(epochMs)
    ? Temporal.Instant.fromEpochMilliseconds(epochMs).toString()
    : String(epochMs);
}
