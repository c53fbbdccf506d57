import type { Broker } from "../broker/broker.ts";
import type { Calendar, Session as ExchangeDay } from "../calendar/calendar.ts";
import type { Bar, Instrument } from "../market/market.ts";
import {
  type PastSession,
  PROFILE_SESSIONS,
  profileOf,
  type VolumeProfile,
} from "../orders/vwap.ts";
import { isBrokerSilence } from "./failures.ts";
import type { Journal } from "./journal.ts";

const BAR_MS = 30 * 60_000;
/** Half an hour is the finest bar that IB gives 20 days of in one answer, so one request a symbol is enough. */
const ASKED = { duration: `${PROFILE_SESSIONS} D`, barSize: "30 mins", barMs: BAR_MS } as const;

/**
 * Each symbol's own volume curve, asked for in the background while the session trades: entries do not wait for it,
 * and an algorithm that would follow a curve not known yet follows the clock.
 */
export class Profiles {
  readonly #profiles = new Map<string, VolumeProfile>(); // symbol → curve of a day as long as today
  readonly #day: ExchangeDay;
  readonly #calendar: Calendar;
  readonly #journal: Journal;
  #closed = false;

  constructor(
    { day, calendar }: { readonly day: ExchangeDay; readonly calendar: Calendar },
    journal: Journal,
  ) {
    this.#day = day;
    this.#calendar = calendar;
    this.#journal = journal;
  }

  of(symbol: string): VolumeProfile | null {
    return this.#profiles.get(symbol) ?? null;
  }

  /** Asks for the curves not known yet, one after the other. A broker that falls silent ends it. */
  async load(broker: Broker, instruments: readonly Instrument[]): Promise<void> {
    for (const instrument of instruments) {
      const { symbol } = instrument;
      if (this.#closed) return;
      if (this.#profiles.has(symbol)) continue;
      try {
        const bars = await broker.history({ instrument, endMs: null, ...ASKED });
        const profile = profileOf(this.#sessions(bars), this.#day, this.#stretches());
        if (profile !== null) this.#profiles.set(symbol, profile);
        else this.#miss(symbol, "no earlier session as long as today's");
      } catch (error) {
        if (!isBrokerSilence(error)) throw error;
        this.#miss(symbol, error.message);
        return;
      }
    }
  }

  /** Nothing is said any more of what comes back late. */
  close(): void {
    this.#closed = true;
  }

  #miss(symbol: string, because: string): void {
    if (this.#closed) return;
    const text = `${symbol} has no volume curve: ${because}`;
    this.#journal.incident({ code: "no-volume-curve", text, symbol, severity: "note" });
  }

  #stretches(): number {
    return Math.ceil((this.#day.closesAt - this.#day.opensAt) / BAR_MS);
  }

  #sessions(bars: readonly Bar[]): readonly PastSession[] {
    const sessions = new Map<string, PastSession & { readonly bars: Bar[] }>(); // date → session
    for (const bar of bars) {
      const day = this.#calendar.sessionAt(bar.time);
      if (day === null || day.date === this.#day.date) continue;
      const known = sessions.get(day.date);
      if (known === undefined) sessions.set(day.date, { ...day, bars: [bar] });
      else known.bars.push(bar);
    }
    return [...sessions.values()];
  }
}
