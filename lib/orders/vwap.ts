import type { Bar } from "../market/market.ts";
import { type Micros, MICROS_PER_UNIT } from "../money.ts";
import type { Algorithm, ParentOrder } from "./parent.ts";
import { type Curve, scheduled } from "./scheduled.ts";

const INTERVAL_MS = 60_000;
/** Sessions that make a curve: a month, long enough to smooth a single news day. */
export const PROFILE_SESSIONS = 20;

/** How a session's volume spreads over its time: shares of the whole in equal stretches, adding up to 1. */
export type VolumeProfile = readonly number[];

/** Volume-weighted average price: more where the symbol's own last sessions traded more. */
export function vwap(
  profile: VolumeProfile,
  session: { readonly opensAt: number; readonly closesAt: number },
  { intervalMs = INTERVAL_MS, sharesMin = MICROS_PER_UNIT }: {
    readonly intervalMs?: number;
    readonly sharesMin?: Micros;
  } = {},
): Algorithm {
  const curve = (parent: ParentOrder): Curve => within(profile, session, parent);
  return scheduled({ name: "VWAP", curve, intervalMs, sharesMin });
}

/** One past session's bars and its hours. */
export interface PastSession {
  readonly opensAt: number;
  readonly closesAt: number;
  readonly bars: readonly Bar[];
}

/**
 * The average profile of the newest sessions that are as long as the one to trade: a half day has a curve of its
 * own. Null when there is no such session, or none of them traded; then nobody knows a curve, and TWAP it is.
 */
export function profileOf(
  sessions: readonly PastSession[],
  today: { readonly opensAt: number; readonly closesAt: number },
  stretches: number,
): VolumeProfile | null {
  const lengthMs = today.closesAt - today.opensAt;
  const alike = sessions
    .filter(({ opensAt, closesAt }) => closesAt - opensAt === lengthMs)
    .slice(-PROFILE_SESSIONS);
  const sums = new Array<number>(stretches).fill(0);
  for (const { opensAt, bars } of alike) {
    const total = bars.reduce((sum, { volume }) => sum + volume, 0);
    if (total === 0) continue;
    for (const { time, volume } of bars) {
      const index = Math.floor(((time - opensAt) * stretches) / lengthMs);
      // Each session weighs the same, so that one heavy day does not make the curve.
      if (index >= 0 && index < stretches) sums[index] = (sums[index] ?? 0) + volume / total;
    }
  }
  const all = sums.reduce((sum, part) => sum + part, 0);
  return all === 0 ? null : sums.map((part) => part / all);
}

/** The part of the session's curve that lies between the parent's start and end, stretched to 0 … 1. */
function within(
  profile: VolumeProfile,
  { opensAt, closesAt }: { readonly opensAt: number; readonly closesAt: number },
  { startMs, endMs }: ParentOrder,
): Curve {
  const at = (timeMs: number): number =>
    cumulative(profile, (timeMs - opensAt) / (closesAt - opensAt));
  const [from, to] = [at(startMs), at(endMs)];
  // No volume is expected in the window: every moment is as good as another.
  if (to <= from) return (time) => time;
  return (time) => (at(startMs + time * (endMs - startMs)) - from) / (to - from);
}

/** Part of the session's volume traded until `time`, from 0 (open) to 1 (close). */
function cumulative(profile: VolumeProfile, time: number): number {
  const position = Math.min(Math.max(time, 0), 1) * profile.length;
  const whole = Math.floor(position);
  let sum = 0;
  for (let index = 0; index < whole; index++) sum += profile[index] ?? 0;
  return sum + (profile[whole] ?? 0) * (position - whole);
}
