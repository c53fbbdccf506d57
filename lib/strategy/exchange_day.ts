const DAY_MS = 86_400_000;

/**
 * Turns bar times into exchange dates and minutes since the open. Asking the time zone is slow, so it is asked
 * once a day.
 */
export class ExchangeDay {
  readonly #zone: string;
  readonly #opensAt: string;
  #date = "";
  #startMs = 0;
  #endMs = 0;
  #opensAtMs = 0;

  /** @throws {RangeError} for an unknown zone or a time that is none */
  constructor(zone: string, opensAt: string) {
    this.#zone = zone;
    this.#opensAt = opensAt;
    this.#enter(0);
  }

  /** Date at the exchange, `2026-11-20`. */
  dateOf(timeMs: number): string {
    this.#enter(timeMs);
    return this.#date;
  }

  /** Milliseconds since the open of that date; negative before it. */
  sinceOpen(timeMs: number): number {
    this.#enter(timeMs);
    return timeMs - this.#opensAtMs;
  }

  #enter(timeMs: number): void {
    if (timeMs >= this.#startMs && timeMs < this.#endMs) return;
    const date = Temporal.Instant.fromEpochMilliseconds(timeMs)
      .toZonedDateTimeISO(this.#zone).toPlainDate();
    const at = (day: Temporal.PlainDate, plainTime: string): number =>
      day.toZonedDateTime({ timeZone: this.#zone, plainTime }).epochMilliseconds;
    this.#date = date.toString();
    this.#startMs = at(date, "00:00");
    this.#endMs = Math.max(at(date.add({ days: 1 }), "00:00"), this.#startMs + DAY_MS / 2);
    this.#opensAtMs = at(date, this.#opensAt);
  }
}
