/**
 * When IBKR resets its servers, as its system status page said in November 2026. Data, not law: IBKR has moved
 * these hours before. Paper accounts live on the American servers, whatever their owner's region.
 */
interface ResetWindow {
  readonly name: string;
  readonly zone: string;
  /** `HH:MM` in the zone. */
  readonly from: string;
  readonly to: string;
  /** ISO weekdays, 1 Monday … 7 Sunday, on which it begins. */
  readonly days: readonly number[];
}

const DAILY = [1, 2, 3, 4, 5, 6, 7];

const WINDOWS: readonly ResetWindow[] = [
  {
    name: "the nightly reset of America's servers (00:15 to 01:45 in New York)",
    zone: "America/New_York",
    from: "00:15",
    to: "01:45",
    days: [1, 2, 3, 4, 5, 7],
  },
  {
    name: "the weekend maintenance (Friday 23:00 to Saturday 03:00 in New York)",
    zone: "America/New_York",
    from: "23:00",
    to: "24:00",
    days: [5],
  },
  {
    name: "the weekend maintenance (Friday 23:00 to Saturday 03:00 in New York)",
    zone: "America/New_York",
    from: "00:00",
    to: "03:00",
    days: [6],
  },
  {
    name: "the daily reset of Europe's servers (06:25 to 07:45 in Zurich)",
    zone: "Europe/Zurich",
    from: "06:25",
    to: "07:45",
    days: DAILY,
  },
  {
    name: "the daily reset of Asia's servers (04:45 to 06:05 in Hong Kong)",
    zone: "Asia/Hong_Kong",
    from: "04:45",
    to: "06:05",
    days: DAILY,
  },
  {
    name: "the daily reset of Asia's servers (20:15 to 21:15 in Hong Kong)",
    zone: "Asia/Hong_Kong",
    from: "20:15",
    to: "21:15",
    days: DAILY,
  },
];

/** A window as it falls on the calendar, epoch ms. */
export interface PlannedReset {
  readonly name: string;
  readonly from: number;
  readonly to: number;
}

/** Every window of America's servers that touches this stretch of time, in order; the two parts of one are one. */
export function americanResetsBetween(fromMs: number, toMs: number): readonly PlannedReset[] {
  const resets: PlannedReset[] = [];
  for (const { name, zone, from, to, days } of WINDOWS) {
    if (zone !== "America/New_York") continue;
    const last = dateIn(zone, toMs);
    for (
      let date = dateIn(zone, fromMs).subtract({ days: 1 });
      Temporal.PlainDate.compare(date, last) <= 0;
      date = date.add({ days: 1 })
    ) {
      if (!days.includes(date.dayOfWeek)) continue;
      const reset = { name, from: instantOf(date, from, zone), to: instantOf(date, to, zone) };
      const before = resets.findIndex((one) => one.name === name && one.to === reset.from);
      if (before < 0) resets.push(reset);
      else resets[before] = { name, from: resets[before]?.from ?? reset.from, to: reset.to };
    }
  }
  return resets.filter(({ from, to }) => to > fromMs && from < toMs)
    .toSorted((a, b) => a.from - b.from);
}

function dateIn(zone: string, epochMs: number): Temporal.PlainDate {
  return Temporal.Instant.fromEpochMilliseconds(epochMs).toZonedDateTimeISO(zone).toPlainDate();
}

/** `24:00` is the next day's beginning. */
function instantOf(date: Temporal.PlainDate, time: string, timeZone: string): number {
  const [day, plainTime] = time === "24:00" ? [date.add({ days: 1 }), "00:00"] : [date, time];
  return day.toZonedDateTime({ timeZone, plainTime }).epochMilliseconds;
}

/** The window an instant falls into; null outside of all. Asia's evening is America's morning: paper is not in it. */
export function resetWindowAt(epochMs: number, onAmericanServers: boolean): string | null {
  const instant = Temporal.Instant.fromEpochMilliseconds(epochMs);
  const window = WINDOWS.find(({ zone, from, to, days }) => {
    if (onAmericanServers && zone !== "America/New_York") return false;
    const local = instant.toZonedDateTimeISO(zone);
    const time = local.toPlainTime().toString({ smallestUnit: "minute" });
    return days.includes(local.dayOfWeek) && time >= from && time < to;
  });
  return window?.name ?? null;
}
