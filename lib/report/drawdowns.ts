/** One spell below the highest equity so far. The start counts as a height, so a loss on the first day is one. */
export interface Drawdown {
  /** First and last day under water; the day of recovery is not one of them. */
  readonly firstDate: string;
  readonly lastDate: string;
  readonly days: number;
  /** −0.086 is 8.6 % below the height. */
  readonly depth: number;
  readonly open: boolean;
}

export interface UnderWater {
  readonly spells: readonly Drawdown[];
  /** Distance from the height after each day, 0 or negative. */
  readonly depths: readonly number[];
}

export function drawdowns(
  returns: readonly { readonly date: string; readonly value: number }[],
): UnderWater {
  const depths: number[] = [];
  let wealth = 1;
  let height = 1;
  for (const { value } of returns) {
    wealth *= 1 + value;
    height = Math.max(height, wealth);
    depths.push(wealth / height - 1);
  }
  const spells: Drawdown[] = [];
  for (let first = 0; first < depths.length; first++) {
    if (!isBelow(depths[first])) continue;
    let last = first;
    while (isBelow(depths[last + 1])) last++;
    spells.push({
      firstDate: returns[first]?.date ?? "",
      lastDate: returns[last]?.date ?? "",
      days: last - first + 1,
      depth: depths.slice(first, last + 1).reduce((a, b) => Math.min(a, b), 0),
      open: last === depths.length - 1,
    });
    first = last;
  }
  return { spells, depths };
}

function isBelow(depth: number | undefined): boolean {
  return depth !== undefined && depth < 0;
}

/** Days from the first to the last, both counted. */
export function calendarDays({ firstDate, lastDate }: Drawdown): number {
  return Temporal.PlainDate.from(firstDate).until(lastDate).days + 1;
}
