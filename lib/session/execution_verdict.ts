/** What a comparison of execution algorithms says in words, also when it says nothing for taking one's time. */

/** One algorithm at one size; costs in basis points. */
export interface Compared {
  /** As part of the expected volume. */
  readonly part: number;
  readonly algorithm: string;
  readonly impactBps: Spread;
  readonly shortfallBps: Spread;
  readonly filledPart: number;
}

interface Spread {
  readonly mean: number;
  readonly deviation: number | null;
}

const BASE = "MARKET";
/** The two that exist to make large parents cheaper. */
const PATIENT = ["TWAP", "VWAP"] as const;
/** What is left of a parent below this is a rounding. */
const WHOLE = 0.9995;

export function verdictOf(rows: readonly Compared[]): readonly string[] {
  return [
    ...PATIENT.flatMap((algorithm) => [
      sentenceOn(algorithm, "impact", rows),
      sentenceOn(algorithm, "shortfall", rows),
    ]),
    ...unfilled(rows),
    "Shortfall is impact and what the price did meanwhile, which can be far more than either saves",
  ].filter((sentence) => sentence !== null);
}

/** Null for an algorithm that was not compared. */
function sentenceOn(
  algorithm: string,
  what: "impact" | "shortfall",
  rows: readonly Compared[],
): string | null {
  const of = (name: string, part: number): Compared | undefined =>
    rows.find((row) => row.algorithm === name && row.part === part);
  const parts = [...new Set(rows.map(({ part }) => part))];
  const [better, worse]: [string[], string[]] = [[], []];
  for (const part of parts) {
    const [mine, base] = [of(algorithm, part), of(BASE, part)];
    if (mine === undefined || base === undefined) continue;
    const [cost, market] = what === "impact"
      ? [mine.impactBps.mean, base.impactBps.mean]
      : [mine.shortfallBps.mean, base.shortfallBps.mean];
    const text = `${percent(part)} (${cost.toFixed(2)} against ${market.toFixed(2)})`;
    (cost < market ? better : worse).push(text);
  }
  const on = `${BASE} on ${what}`;
  if (better.length === 0) {
    return worse.length === 0 ? null : `${algorithm} does NOT beat ${on} at ${worse.join(", ")}`;
  }
  const not = worse.length === 0 ? "" : `; NOT at ${worse.join(", ")}`;
  return `${algorithm} beats ${on} at ${better.join(", ")}${not}`;
}

function unfilled(rows: readonly Compared[]): readonly string[] {
  return rows.filter(({ filledPart }) => filledPart < WHOLE).map((
    { algorithm, part, filledPart },
  ) =>
    `${algorithm} filled only ${percent(filledPart)} at ${percent(part)}: ` +
    "its impact leaves out what it did not get, its shortfall does not"
  );
}

function percent(part: number): string {
  return `${Number((part * 100).toFixed(1))} %`;
}
