import { Random } from "../../lib/simulator/random.ts";

/** What breaks on a day of the soak. */

/** For some minutes of an hour: `H` is the hour. */
const FAULTS = [
  "connection-lost=restored:1101@H:05-H:08",
  "connection-lost=restored:1102@H:05-H:20",
  "restart=ids:keep@H:05-H:07",
  "restart=ids:rollback@H:05-H:09",
  "farm-down=farm:usfarm@H:05-H:15",
  "farm-down=farm:ushmds@H:05-H:15",
  "feed-silence@H:05-H:15",
  "stale-quotes@H:05-H:25",
  "crossed-quotes@H:05-H:15",
  "zero-prices@H:05-H:10",
  "duplicate-messages@H:05-H:45",
  "reordered-messages@H:05-H:45",
  "no-status@H:05-H:45",
  "delayed-messages=of:execDetails,ms:4000@H:05-H:45",
  "late-commission=ms:600000@H:05-H:45",
  "slow-cancel=ms:8000@H:05-H:45",
  "missing-end=of:executions@H:05-H:20",
  "halt=symbol:SOFI@H:05-H:25",
  "correction=dollars:0.01@H:30",
  "bust@H:30",
  "odd-commission=text:-1@H:05-H:30",
  "price-spike=factor:10@H:30-H:32",
  "slow-answers=ms:5000@H:05-H:30",
  "competing-session@H:05-H:20",
] as const;
const HOURS = [10, 11, 12, 13, 14] as const;
/** IBKR asks for the second factor once a week: until somebody has confirmed it, the API answers nothing. */
const SECOND_FACTOR = "start-unanswered@09:15-09:26";
const MONDAY = 1;

/** One fault an hour, from ten to three in New York, and on Mondays a late log-in; the same for date and seed. */
export function faultsOf(seed: number, date: string): readonly string[] {
  const random = Random.seeded(seed).split(`faults of ${date}`);
  const hourly = HOURS.map((hour) => {
    const fault = FAULTS[Math.floor(random.next() * FAULTS.length)] ?? FAULTS[0];
    return fault.replaceAll("H:", `${hour}:`);
  });
  const isMonday = Temporal.PlainDate.from(date).dayOfWeek === MONDAY;
  return isMonday ? [SECOND_FACTOR, ...hourly] : hourly;
}
