import { greatest, type Micros, MICROS_PER_UNIT, ZERO } from "../money.ts";
import { dice } from "./dice.ts";
import { type Algorithm, cut, isActive, type ParentOrder, type Slice } from "./parent.ts";

/** Share of the parent that should be done at a time from 0 (start) to 1 (end); rises from 0 to 1. */
export type Curve = (time: number) => number;

export interface ScheduleOptions {
  readonly name: string;
  readonly curve: (parent: ParentOrder) => Curve;
  /** About how far slices are apart. */
  readonly intervalMs: number;
  /** Slices are about this large or larger: IB's least commission is for an order, however small. */
  readonly sharesMin?: Micros;
}

/** A slice leaves at a random instant within this part of its interval; the rest is time to fill. */
const JITTER = 0.6;
/** Targets vary by up to this part of a slice. */
const WOBBLE = 0.3;
/** When behind, a slice may be this many times its regular size. The last one takes all that is left. */
const CATCH_UP_MAX = 2n;
/** A parent is never cut into more slices than this: a fifth of a second of our message budget each minute. */
const SLICES_MAX = 600;

/** Follows a curve by slices at random instants: what is behind the curve is due. */
export function scheduled(options: ScheduleOptions): Algorithm {
  const { name, curve, intervalMs, sharesMin = MICROS_PER_UNIT } = options;
  return {
    name,
    next(parent, progress): Slice | null {
      if (!isActive(parent, progress)) return null;
      const plan = timetable(parent, curve(parent), { intervalMs, sharesMin });
      const index = plan.findLastIndex(({ atMs }) => atMs <= progress.now);
      const due = plan[index];
      if (due === undefined) return null;
      const behind = due.target - progress.filled - progress.working;
      const isLast = index === plan.length - 1;
      const quantity = cut(parent, progress, isLast ? behind : capped(behind, due.regular));
      if (quantity === ZERO) return null;
      const nextAtMs = plan[index + 1]?.atMs ?? parent.endMs;
      return { quantity, limitPrice: null, restMs: Math.max(nextAtMs - progress.now, 0) };
    },
  };
}

/** When each slice leaves, and how much of the parent should be on its way by then. */
export interface Due {
  readonly atMs: number;
  readonly target: Micros;
  /** The slice's own size. */
  readonly regular: Micros;
}

/** The whole schedule of a parent; the last target is its quantity. The same seed gives the same schedule. */
export function timetable(
  parent: ParentOrder,
  curve: Curve,
  { intervalMs, sharesMin = MICROS_PER_UNIT }: Pick<ScheduleOptions, "intervalMs" | "sharesMin">,
): readonly Due[] {
  const spanMs = parent.endMs - parent.startMs;
  const shares = Number(parent.quantity / MICROS_PER_UNIT);
  const wanted = Math.floor(spanMs / intervalMs);
  // Never more slices than are worth sending: 80 shares over three minutes are three slices.
  const worthwhile = Number(parent.quantity / greatest(sharesMin, MICROS_PER_UNIT));
  const count = Math.max(1, Math.min(wanted, worthwhile, SLICES_MAX));
  const roll = dice(parent.seed);
  const plan: Due[] = [];
  let before = 0;
  for (let index = 0; index < count; index++) {
    const atMs = parent.startMs + Math.floor(((index + JITTER * roll()) * spanMs) / count);
    const wobble = (roll() - 0.5) * 2 * WOBBLE;
    const done = curve(Math.min((index + 1 + wobble) / count, 1));
    const target = index === count - 1 ? shares : Math.max(before, Math.round(shares * done));
    plan.push({ atMs, target: whole(target), regular: whole(target - before) });
    before = target;
  }
  return plan;
}

function capped(behind: Micros, regular: Micros): Micros {
  const most = CATCH_UP_MAX * (regular > ZERO ? regular : MICROS_PER_UNIT);
  return behind < most ? behind : most;
}

function whole(shares: number): Micros {
  return BigInt(shares) * MICROS_PER_UNIT;
}
