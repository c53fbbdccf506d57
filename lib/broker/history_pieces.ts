/** How a window of history is cut, so that no answer is a frame that stalls TWS or us. Pure. */

/** One answer. TWS throttles long ones, and a frame of many thousand bars delays every tick behind it. */
export const BARS_MAX = 1_500;
/** Pieces of one question, at IB's pace a matter of minutes. */
const PIECES_MAX = 60;
const SECOND_MS = 1_000;
/** Longest regular session of the exchanges IB trades stocks at, rounded up: more bars than come, never fewer. */
const SESSION_MS = 9 * 3_600_000;
const DAY_MS = 86_400_000;

const DURATION = /^([1-9]\d{0,4}) ([SDWMY])$/;

/** Trading days in a unit, holidays not counted: rather a day too many, cut off afterwards. */
const TRADING_DAYS = { D: 1, W: 5, M: 23, Y: 253 } as const;

export interface HistoryPlan {
  /** Durations to ask for, newest window first. */
  readonly durations: readonly string[];
  /** Bars before it were only asked for to be sure, epoch ms; null when all count. */
  readonly fromMs: number | null;
}

/**
 * The windows to ask for.
 *
 * @throws {RangeError} when the duration is none of IB's, or the window holds too many bars
 */
export function planHistory(duration: string, barMs: number, endMs: number): HistoryPlan {
  const match = DURATION.exec(duration);
  const [, countText, unit] = match ?? [];
  if (!isUnit(unit) || !(barMs > 0)) {
    throw new RangeError(`Cannot read duration "${duration}": use a number and S, D, W, M or Y`);
  }
  const count = Number(countText);
  if (unit === "S") {
    return { durations: cut(count, Math.floor(BARS_MAX * barMs / SECOND_MS), "S"), fromMs: null };
  }
  const barsPerDay = barMs >= DAY_MS ? DAY_MS / barMs : Math.ceil(SESSION_MS / barMs);
  const daysPerPiece = Math.floor(BARS_MAX / barsPerDay);
  const days = count * TRADING_DAYS[unit];
  if (days <= daysPerPiece) return { durations: [duration], fromMs: null };
  if (daysPerPiece < 1) {
    throw new RangeError(
      `Cannot ask for ${duration} of such short bars: ask for at most ${
        BARS_MAX * barMs / SECOND_MS
      } S at a time`,
    );
  }
  const fromMs = unit === "D" ? null : calendarStart(count, unit, endMs);
  return { durations: cut(days, daysPerPiece, "D"), fromMs };
}

type Unit = "S" | keyof typeof TRADING_DAYS;

function isUnit(text: string | undefined): text is Unit {
  return text === "S" || text === "D" || text === "W" || text === "M" || text === "Y";
}

function cut(total: number, perPiece: number, unit: "S" | "D"): readonly string[] {
  if (Math.ceil(total / perPiece) > PIECES_MAX) {
    throw new RangeError(
      `Cannot ask for ${total} ${unit} in requests of ${perPiece} ${unit}: more than ${PIECES_MAX} of them`,
    );
  }
  const durations = [];
  for (let left = total; left > 0; left -= perPiece) {
    durations.push(`${Math.min(left, perPiece)} ${unit}`);
  }
  return durations;
}

function calendarStart(count: number, unit: "W" | "M" | "Y", endMs: number): number {
  const end = Temporal.Instant.fromEpochMilliseconds(endMs).toZonedDateTimeISO("UTC");
  const length = { W: { weeks: count }, M: { months: count }, Y: { years: count } }[unit];
  return end.subtract(length).epochMilliseconds;
}

/** Where the next older window ends, epoch ms; null when TWS has nothing older. */
export function nextEnd(
  window: { readonly duration: string; readonly endMs: number },
  oldestBarMs: number | null,
): number | null {
  const [count, unit] = window.duration.split(" ");
  if (unit !== "S") return oldestBarMs;
  const startMs = window.endMs - Number(count) * SECOND_MS;
  return oldestBarMs === null ? startMs : Math.min(oldestBarMs, startMs);
}
