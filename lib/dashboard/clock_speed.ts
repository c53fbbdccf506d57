/** Session seconds per second of the wall by the clock a session wrote down; null of a clock that has no speed. */
export function speedOf(clock: string): number | null {
  if (clock === "wall") return 1;
  const speed = /^simulated x(\d+(?:\.\d+)?)$/.exec(clock)?.[1];
  return speed === undefined ? null : Number(speed);
}
