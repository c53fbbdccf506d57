import { Random } from "../../lib/simulator/random.ts";
import { type Kill, KILL_POINTS, type KillPoint } from "./killer.ts";
import {
  countMax,
  type DayPlan,
  FARM_DOWN_MINUTES,
  INTENT_TO_ACK,
  planOf,
  STYLES,
} from "./plans.ts";

/** Ways to die or to be failed that a session must survive, each by days of its own. */
export interface Row {
  readonly row: string;
  readonly what: string;
  readonly seeds: number;
  readonly plan: (seed: number) => DayPlan;
}

/** Days of each point of death: five counts of it. */
const TIMES_EACH_POINT = 5;
/** A session asks for five lists when it connects; the counts behind them are of its second connection. */
const ASKED_AT_CONNECT = 5;
/** The rig's day begins at 15:35 in New York. */
const FIRST_MINUTE = 35;
const MINUTE_S = 60;

/** Draws of a seed's own, not those of `planOf`. */
class Draw {
  readonly #random: Random;

  constructor(seed: number, row: string) {
    this.#random = Random.seeded(seed).split(`row ${row}`);
  }

  /** A whole number from 1. */
  upTo(most: number): number {
    return 1 + Math.floor(this.#random.next() * most);
  }

  pick<T>(from: readonly T[]): T {
    const one = from[this.upTo(from.length) - 1];
    if (one === undefined) throw new RangeError("Cannot pick from nothing");
    return one;
  }

  kill(point: KillPoint): Kill {
    return { point, count: this.upTo(countMax(point)) };
  }

  /** Of the rig's day, when positions are held and there is time to come back. */
  minute(): number {
    return FIRST_MINUTE + 1 + this.upTo(10);
  }
}

const LIMIT_DAY = { style: "LIMIT", trailing: false } as const;

/** A process that dies as this minute begins; the next one starts in the first seconds of it. */
function deathAt(minute: number): Kill {
  return { point: "at-time", count: (minute - FIRST_MINUTE) * MINUTE_S };
}

/** Every second day the process also dies while it comes back from what the Gateway did. */
function comingBack(seed: number, draw: Draw): Kill[] {
  return seed % 2 === 0
    ? [{ point: "during-recovery", count: ASKED_AT_CONNECT + draw.upTo(ASKED_AT_CONNECT) }]
    : [];
}

/** Up one minute, down one minute. */
function flaps(farm: string, minute: number): string[] {
  return Array.from({ length: FARM_DOWN_MINUTES / 2 }, (_, nth) => {
    const from = minute + 2 * nth;
    return `farm-down=farm:${farm}@15:${from}-15:${from + 1}`;
  });
}

function connectionFaults(seed: number, minute: number): string[] {
  const to = (minutes: number): string => `@15:${minute}-15:${minute + minutes}`;
  switch (seed % 5) {
    case 0:
      return [`connection-lost=restored:1101${to(3)}`];
    case 1:
      return [`connection-lost=restored:1102${to(3)}`];
    case 2:
      return [`connection-lost=lost:2110,restored:1102${to(3)}`];
    case 3:
      return [`farm-down=farm:usfarm${to(FARM_DOWN_MINUTES)}`];
    default:
      return [...flaps("usfarm", minute), ...flaps("ushmds", minute)];
  }
}

const UNANSWERED = ["executions", "positions", "open-orders", "completed-orders"] as const;

export const ROWS: readonly Row[] = [
  {
    row: "1",
    what: "killed between intent and acknowledgement, then anywhere; two days of five with a fault",
    seeds: 100,
    plan: planOf,
  },
  {
    row: "2",
    what: "killed at each point there is",
    seeds: KILL_POINTS.length * TIMES_EACH_POINT,
    plan: (seed) => planOf(seed, KILL_POINTS[(seed - 1) % KILL_POINTS.length]),
  },
  {
    row: "3",
    what: "killed, and again while recovering",
    seeds: 50,
    plan: (seed) => {
      const draw = new Draw(seed, "3");
      const first = draw.kill(draw.pick(INTENT_TO_ACK));
      return { kills: [first, draw.kill("during-recovery")], faults: [], ...LIMIT_DAY };
    },
  },
  {
    row: "4",
    what: "killed while an algorithm works",
    seeds: 48, // eight of each style
    plan: (seed) => {
      const draw = new Draw(seed, "4");
      const points = ["after-parent", "between-slices"] as const;
      const kills = [draw.kill(draw.pick(points)), draw.kill("between-slices")];
      const style = STYLES[seed % STYLES.length] ?? STYLES[0];
      return { kills, faults: [], style, trailing: false };
    },
  },
  {
    row: "6",
    what: "the power fails within an append: any sectors of what is being written are left",
    seeds: 16,
    plan: (seed) => planOf(seed, "power-cut"),
  },
  {
    row: "11",
    what: "an order that the Gateway never sees, and the connection with it",
    seeds: 24, // three of each of the first eight orders, as for row 12
    plan: (seed) => ({
      kills: comingBack(seed, new Draw(seed, "11")),
      faults: [`lost-order=order:${1 + seed % 8}`],
      ...LIMIT_DAY,
    }),
  },
  {
    row: "12",
    what: "an order accepted, its acknowledgement and the connection lost",
    seeds: 24,
    plan: (seed) => ({
      kills: comingBack(seed, new Draw(seed, "12")),
      faults: [`lost-ack=order:${1 + seed % 8}`],
      ...LIMIT_DAY,
    }),
  },
  {
    row: "13",
    what: "1100 or 2110 for 3 min, then 1101 or 1102; data farms down or flapping for 10 min",
    seeds: 25, // five of each
    plan: (seed) => ({
      kills: [],
      faults: connectionFaults(seed, new Draw(seed, "13").minute()),
      ...LIMIT_DAY,
    }),
  },
  {
    row: "14",
    what: "killed, and its client id in use for 90 s",
    seeds: 12,
    plan: (seed) => {
      const minute = new Draw(seed, "14").minute();
      const faults = [`client-id-in-use=message:1@15:${minute}-15:${minute + 1}:30`];
      return { kills: [deathAt(minute)], faults, ...LIMIT_DAY };
    },
  },
  {
    row: "18",
    what: "killed, then a list that never ends for 3 min, or is empty once by mistake",
    seeds: 24, // three of each list, either way
    plan: (seed) => {
      const minute = new Draw(seed, "18").minute();
      const of = UNANSWERED[seed % UNANSWERED.length];
      const fault = seed % 8 < UNANSWERED.length
        ? `missing-end=of:${of}@15:${minute}-15:${minute + 3}`
        : `empty-answer=of:${of},times:1@15:${minute}`;
      return { kills: [deathAt(minute)], faults: [fault], ...LIMIT_DAY };
    },
  },
];
