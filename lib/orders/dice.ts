/** Repeatable chance: the same seed gives the same numbers, on every machine. */
export type Dice = () => number;

/** Numbers from 0 up to but not 1, by Mulberry32. Good enough to vary slices, not for anything secret. */
export function dice(seed: number): Dice {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
