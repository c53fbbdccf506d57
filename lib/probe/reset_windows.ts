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
