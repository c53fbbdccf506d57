import { Random } from "../../lib/simulator/random.ts";
import { type Kill, KILL_POINTS, type KillPoint } from "./killer.ts";

/** What happens on a seed's day. */
export interface DayPlan {
  /** One per life, in order. */
  readonly kills: readonly Kill[];
  /** Of the Gateway, as on its command line. */
  readonly faults: readonly string[];
  /** How entries are worked: `LIMIT` whole, else in slices. */
  readonly style: string;
  /** Whether stops follow the price. */
  readonly trailing: boolean;
}

/** From a durable intent to the broker's first word on it; the first life of every seed dies in there. */
export const INTENT_TO_ACK: readonly KillPoint[] = [
  "after-intent",
  "before-write",
  "mid-frame",
  "after-write",
  "on-ack",
];
/** Every second seed works its entries by an algorithm, every third moves its stops. */
export const STYLES = ["TWAP", "VWAP", "POV", "ICEBERG", "ADAPTIVE", "IB_ADAPTIVE"] as const;
const ALGORITHM_EVERY = 2;
const TRAILING_EVERY = 3;
/** Where only an algorithm at work, or a stop that moves, can die. */
const OF_ALGORITHMS: readonly KillPoint[] = ["after-parent", "between-slices"];
const OF_TRAILING: readonly KillPoint[] = ["change-before-write", "change-after-write"];

/** Of every four seeds, two die again while they recover and two at any other point. */
const AGAIN_EVERY = 4;
/** Two of five seeds have a fault of the Gateway as well. */
const FAULT_EVERY = 5;

/** For some minutes of the rig's day: `M` is the minute of the hour it begins, `N` three minutes later, `T` ten. */
const FAULTS = [
  "restart=ids:keep@15:M-15:N",
  "restart=ids:rollback@15:M-15:N",
  "connection-lost=restored:1101@15:M-15:N",
  "connection-lost=restored:1102@15:M-15:N",
  "farm-down=farm:usfarm@15:M-15:T",
  "client-id-in-use=message:1@15:M-15:N",
  "lost-order=order:ORDER",
  "lost-ack=order:ORDER",
  "half-frame=of:execDetails,n:ORDER",
  "reject-order=order:ORDER",
  "missing-end=of:executions@15:M-15:N",
  "missing-end=of:positions@15:M-15:N",
  "missing-end=of:open-orders@15:M-15:N",
  "empty-answer=of:executions,times:1",
  "empty-answer=of:positions,times:1",
  "duplicate-messages",
  "reordered-messages",
  "delayed-messages=of:execDetails,ms:4000",
  "delayed-messages=of:orderStatus,ms:4000",
  "no-status",
  "late-commission=ms:60000",
  "slow-cancel=ms:8000",
  "correction=dollars:0.01@15:M",
  "bust@15:M",
] as const;
const FAULT_FROM_MINUTE = 37;
const FAULT_MINUTES = 12;
const FAULT_LASTS_MINUTES = 3;
/** As long as a data farm is down, or goes up and down, on a bad day. */
export const FARM_DOWN_MINUTES = 10;

/** The most that makes sense for a point: a life has that many of them. */
export function countMax(point: KillPoint): number {
  switch (point) {
    case "before-journal":
    case "before-commit":
    case "after-journal":
    case "disk-full":
    case "power-cut":
      return 60;
    case "during-recovery":
      return 10;
    case "after-parent":
    case "change-before-write":
    case "change-after-write":
      return 4;
    case "at-time":
      return 20 * 60;
    default:
      return 8;
  }
}

/**
 * The same for the same seed, every time.
 *
 * @param only every seed dies once, at this point, the count being its own
 */
export function planOf(seed: number, only?: KillPoint): DayPlan {
  const random = Random.seeded(seed).split("chaos");
  const pick = <T>(from: readonly T[]): T => {
    const one = from[Math.floor(random.next() * from.length)];
    if (one === undefined) throw new RangeError("Cannot pick from nothing");
    return one;
  };
  const kill = (point: KillPoint): Kill => ({
    point,
    count: 1 + Math.floor(random.next() * countMax(point)),
  });
  const isAlgorithm = only === undefined
    ? seed % ALGORITHM_EVERY === 1
    : OF_ALGORITHMS.includes(only);
  const trailing = only === undefined ? seed % TRAILING_EVERY === 0 : OF_TRAILING.includes(only);
  const style = isAlgorithm ? pick(STYLES) : "LIMIT";
  if (only !== undefined) return { kills: [kill(only)], faults: [], style, trailing };
  const points = KILL_POINTS.filter((point) =>
    (isAlgorithm || !OF_ALGORITHMS.includes(point)) && (trailing || !OF_TRAILING.includes(point))
  );
  const again = seed % AGAIN_EVERY < AGAIN_EVERY / 2;
  const special = [...isAlgorithm ? OF_ALGORITHMS : [], ...trailing ? OF_TRAILING : []];
  const kills = [
    kill(pick(INTENT_TO_ACK)),
    again
      ? kill("during-recovery")
      : kill(pick(special.length > 0 && random.next() < 0.5 ? special : points)),
  ];
  const minute = FAULT_FROM_MINUTE + Math.floor(random.next() * FAULT_MINUTES);
  const fault = pick(FAULTS)
    .replaceAll(":M", `:${minute}`)
    .replaceAll(":N", `:${minute + FAULT_LASTS_MINUTES}`)
    .replaceAll(":T", `:${minute + FARM_DOWN_MINUTES}`)
    .replace("ORDER", String(1 + Math.floor(random.next() * 8)));
  return { kills, faults: seed % FAULT_EVERY < 2 ? [fault] : [], style, trailing };
}
