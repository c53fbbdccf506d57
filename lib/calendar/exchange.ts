/** What is known about an exchange before any date is asked for. */

/** ISO 10383 market identifier. */
export type ExchangeCode = "XNYS" | "XLON";

/** A day with the reason it is special. */
export interface NamedDay {
  readonly date: Temporal.PlainDate;
  readonly name: string;
}

/** A day on which the exchange did not open although no rule says so. */
export interface SpecialClosure {
  /** `2025-01-09` */
  readonly date: string;
  readonly name: string;
  /** Who announced it, and when. */
  readonly source: string;
}

export interface ExchangeRules {
  readonly code: ExchangeCode;
  /** IANA time zone of the times below. */
  readonly zone: string;
  /** Local wall-clock times, `09:30`. */
  readonly opensAt: string;
  readonly closesAt: string;
  readonly halfDayClosesAt: string;
  /** Whole years for which the exchange has published its calendar and the rules were checked against it. */
  readonly firstYear: number;
  readonly lastYear: number;
  readonly specialClosures: readonly SpecialClosure[];
  /** Closed days of a year, on the day they are kept. */
  holidays(year: number): readonly NamedDay[];
  /** Days that close early; one that falls on a closed day counts for nothing. */
  halfDays(year: number): readonly NamedDay[];
}
