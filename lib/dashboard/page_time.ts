import { speedOf } from "./clock_speed.ts";
import type { Figure, SessionPanel, Stamp } from "./feed.ts";

/** Ages and times as the page shows them. Pure: the time comes in. */

/** What a text on the page depends on besides its own value. */
export interface Moment {
  /** The server's wall clock. */
  readonly now: number;
  /** The clock of the session whose figures are shown; null when there is none. */
  readonly clock: string | null;
  /** IANA zone of the exchange. */
  readonly zone: string;
  /** While the session should be writing: how long it may be silent. */
  readonly quietMaxMs: number | null;
  /** The page has lost its server, or the server its ledger: nothing shown is of now. */
  readonly frozen: boolean;
}

/** How long ago; null when the stamp is of another clock than the wall's and nobody saw it happen. */
export function ageMs({ at, seenAt }: Stamp, { now, clock }: Moment): number | null {
  const from = clock === "wall" ? at : seenAt;
  return from === null ? null : Math.max(0, now - from);
}

/** A measured number that is older than the session would leave it. */
export function isStaleFigure(figure: Figure, moment: Moment): boolean {
  if (figure.value === null) return false;
  return figure.lasting ? moment.frozen : isStale(figure.stamp, moment);
}

/** The same, of something that is measured again and again. */
export function isStale(stamp: Stamp, moment: Moment): boolean {
  if (moment.frozen) return true;
  const age = ageMs(stamp, moment);
  return moment.quietMaxMs !== null && age !== null && age > moment.quietMaxMs;
}

/** `11:41:00, 12 s ago`, `11:41:00, stale 3 min`, `11:41:00, simulated clock` */
export function asOf(stamp: Stamp, moment: Moment): string {
  return `${clockTime(stamp.at, moment.zone)}, ${ageText(stamp, moment)}`;
}

export function ageText(stamp: Stamp, moment: Moment): string {
  const age = ageMs(stamp, moment);
  if (age === null) return `${(moment.clock ?? "unknown").split(" ")[0]} clock`;
  return isStale(stamp, moment) ? `stale ${duration(age)}` : `${duration(age)} ago`;
}

/** `12 s`, `3 min`, `2 h 5 min`, `4 days` */
export function duration(ms: number): string {
  const seconds = Math.floor(ms / 1_000);
  if (seconds < 60) return `${seconds} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes} min`;
  const hours = Math.floor(minutes / 60);
  if (hours < 48) return minutes % 60 === 0 ? `${hours} h` : `${hours} h ${minutes % 60} min`;
  return `${Math.floor(hours / 24)} days`;
}

/** `3 h 12 min`, and by the second in the last ten minutes: `9:41`. */
export function countdown(ms: number): string {
  if (ms >= 600_000) return duration(ms);
  const seconds = Math.max(0, Math.ceil(ms / 1_000));
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
}

/** `11:41:00` at the exchange. */
export function clockTime(epochMs: number, zone: string): string {
  return part(zone, "time").format(epochMs);
}

/** `Mon 23 Nov, 09:30` at the exchange. */
export function dayTime(epochMs: number, zone: string): string {
  return part(zone, "day").format(epochMs).replace(/,? at /, ", ");
}

/** `New York` of `America/New_York`. */
export function cityOf(zone: string): string {
  return (zone.split("/").at(-1) ?? zone).replaceAll("_", " ");
}

/** What the session's clock shows by now: it went on since the newest entry. Null when that cannot be told. */
export function sessionTime(
  { last, opened }: SessionPanel,
  { now, frozen }: Pick<Moment, "now" | "frozen">,
): number | null {
  if (opened?.clock === "wall") return now;
  const speed = speedOf(opened?.clock ?? "");
  if (speed === null || last.seenAt === null || frozen) return null;
  return last.at + Math.max(0, now - last.seenAt) * speed;
}

// `<zone> <kind>` → formatter; making one costs more than a hundred uses.
const formatters = new Map<string, Intl.DateTimeFormat>();

function part(zone: string, kind: "time" | "day"): Intl.DateTimeFormat {
  const key = `${zone} ${kind}`;
  const known = formatters.get(key);
  if (known !== undefined) return known;
  const clock = { hour: "2-digit", minute: "2-digit", hourCycle: "h23" } as const;
  const made = new Intl.DateTimeFormat("en-GB", {
    timeZone: zone,
    ...clock,
    ...(kind === "time"
      ? { second: "2-digit" }
      : { weekday: "short", day: "numeric", month: "short" }),
  });
  formatters.set(key, made);
  return made;
}
