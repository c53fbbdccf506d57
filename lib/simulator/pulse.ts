import type { Clock } from "../clock.ts";
import {
  exchangeDate,
  SEGMENT_KINDS,
  segmentHours,
  type SegmentKind,
  type TradingDays,
  type TradingSession,
} from "./trading_days.ts";

export interface PulseListener {
  opened(segment: Segment): void;
  /** A step of the market is over. */
  stepped(): void;
  closed(segment: Segment): void;
}

/** A stretch of trading: early, regular or late. */
export interface Segment {
  readonly kind: SegmentKind;
  readonly hours: TradingSession;
}

export interface PulseOptions {
  readonly clock: Clock;
  readonly days: TradingDays;
  readonly stepMs: number;
  readonly listener: PulseListener;
}

/** Early and late trading has steps of this length at least. */
const OFF_HOURS_STEP_MS = 5_000;

/** Beats with the market: at each opening, at the end of each step, at each close, day after day. */
export class Pulse {
  readonly #options: PulseOptions;
  #segment: Segment | null;

  constructor(options: PulseOptions) {
    this.#options = options;
    const nowMs = options.clock.now();
    this.#segment = segmentsOn(options.days, exchangeDate(nowMs))
      .find(({ hours }) => hours.opensAt <= nowMs && nowMs < hours.closesAt) ?? null;
    this.#plan();
  }

  /** The stretch of trading in progress. */
  get segment(): Segment | null {
    return this.#segment;
  }

  #plan(): void {
    const nextMs = this.#nextMs();
    if (nextMs !== null) this.#options.clock.at(nextMs, () => this.#beat());
  }

  #beat(): void {
    const { clock, days, listener } = this.#options;
    const segment = this.#segment;
    if (segment !== null) listener.stepped();
    if (segment !== null && clock.now() >= segment.hours.closesAt) {
      this.#segment = null;
      listener.closed(segment);
    }
    // One segment may begin where another ends.
    if (this.#segment === null) {
      const nowMs = clock.now();
      this.#segment = segmentsOn(days, exchangeDate(nowMs))
        .find(({ hours }) => hours.opensAt === nowMs) ?? null;
      if (this.#segment !== null) listener.opened(this.#segment);
    }
    this.#plan();
  }

  /** Null past the calendar's horizon. */
  #nextMs(): number | null {
    const { clock, days, stepMs } = this.#options;
    const nowMs = clock.now();
    const segment = this.#segment;
    if (segment !== null) {
      const { opensAt, closesAt } = segment.hours;
      const beatMs = segment.kind === "regular" ? stepMs : Math.max(stepMs, OFF_HOURS_STEP_MS);
      return Math.min(opensAt + (Math.floor((nowMs - opensAt) / beatMs) + 1) * beatMs, closesAt);
    }
    const date = exchangeDate(nowMs);
    const later = segmentsOn(days, date).find(({ hours }) => hours.opensAt > nowMs);
    if (later !== undefined) return later.hours.opensAt;
    const next = days.after(date);
    return next === null ? null : segmentHours(next, "early").opensAt;
  }
}

function segmentsOn(days: TradingDays, date: string): Segment[] {
  const session = days.on(date);
  if (session === null) return [];
  return SEGMENT_KINDS.map((kind) => ({ kind, hours: segmentHours(session, kind) }));
}
