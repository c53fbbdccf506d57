import { z } from "zod";
import { toSnakeCase } from "../std/text.ts";

/**
 * The limits: every one has a default and none can be left off. Dollar limits are compared, never booked, so they
 * are numbers like the rest. `lib/config.ts` takes this schema as its `[risk]` section.
 */
export const limitsSchema = z.strictObject({
  sizing: z.enum(["percent-of-equity", "stop-risk", "half-kelly", "fixed-notional", "fixed-shares"])
    .default("percent-of-equity")
    .describe("How an entry is sized; the first three are cut to the order and position limits"),
  sizePct: percent(100).default(2)
    .describe("With percent-of-equity: percent of equity put into one entry"),
  sizeRiskPct: percent(10).default(0.5)
    .describe("With stop-risk: percent of equity lost when the stop is hit"),
  kellyMinTrips: z.int().positive().default(30)
    .describe(
      "With half-kelly: round trips needed before their record counts; stop-risk until then",
    ),
  kellyMaxRiskPct: percent(10).default(1)
    .describe("With half-kelly: most that one entry may lose at its stop, percent of equity"),
  sizeNotionalUsd: z.number().positive().default(5_000)
    .describe("With fixed-notional: dollars put into one entry"),
  sizeShares: z.int().positive().default(100).describe("With fixed-shares: shares of one entry"),
  maxPositionPct: percent(100).default(10).describe("Largest position, percent of equity"),
  maxOrderNotionalUsd: z.number().positive().default(10_000).describe("Largest entry, dollars"),
  maxDailyNotionalUsd: z.number().positive().default(250_000)
    .describe("All entries of a day together, dollars"),
  maxOpenPositions: z.int().positive().default(10)
    .describe("Positions and working entries at once"),
  maxGrossExposurePct: percent(400).default(100)
    .describe("All positions together, long and short, percent of equity"),
  maxNetExposurePct: percent(400).default(80)
    .describe("Long less short positions, either way, percent of equity"),
  maxLeverage: z.number().min(1).max(4).default(1.5)
    .describe("Equity, borrowed money and borrowed shares together, in multiples of equity"),
  maxSectorPct: percent(400).default(30)
    .describe("Positions of one industry, long and short, percent of equity"),
  maxCorrelatedPct: percent(400).default(30)
    .describe("Positions that gain and lose together, percent of equity"),
  correlationMin: z.number().positive().max(1).default(0.8)
    .describe(
      "Correlation of two symbols' bar returns from which they count as together; too few bars count as 1",
    ),
  maxHeatPct: percent(100).default(6)
    .describe("Loss if every stop were hit at its price, percent of equity"),
  maxBarVolumePct: percent(100).default(20)
    .describe(
      "Largest entry, percent of the symbol's average volume in the time it is worked: one bar at least",
    ),
  maxDailyLossPct: percent(100).default(2)
    .describe("Loss of a day, realised and unrealised, percent of its opening equity"),
  maxDayDrawdownPct: percent(100).default(3)
    .describe("Fall of equity from the day's highest, percent of that; trading halts"),
  maxDrawdownPct: percent(100).default(10)
    .describe(
      "Fall of equity from its highest since a halt was last lifted, percent of that; trading halts",
    ),
  maxConsecutiveLosses: z.int().positive().default(8)
    .describe("Round trips of a day that lost in a row; no entries until the next day"),
  priceCollarPct: percent(50).default(2)
    .describe("How far a price may lie from the middle of the last good quote, percent"),
  maxQuoteAgeMs: z.int().positive().default(15_000).describe("Oldest quote an entry may rely on"),
  maxSpreadPct: percent(50).default(1).describe("Widest bid to ask, percent of the middle"),
  cooldownMs: z.int().nonnegative().default(600_000)
    .describe("Wait after any order or fill in a symbol before the next entry there"),
  maxOrdersPerMinute: z.int().positive().default(30)
    .describe("Orders within any minute, stops included; exits always go out"),
  maxOrdersPerSymbolDay: z.int().positive().default(40)
    .describe("Orders in one symbol within a day, stops included; exits always go out"),
  outlierPct: percent(100).default(20)
    .describe(
      "A price farther than this from the last good one counts only once confirmed, percent",
    ),
  stopRule: z.enum(["fixed", "break-even", "trailing", "both"]).default("fixed")
    .describe(
      "How stops move towards the market; fixed leaves them where the strategy put them, as moving them is part of " +
        "a strategy and not a limit",
    ),
  breakEvenAtR: z.number().positive().max(100).default(1)
    .describe(
      "With break-even: profit at a bar's close at which the stop goes to the entry's price, in R, the distance from " +
        "the entry to its first stop",
    ),
  trailByR: z.number().positive().max(100).default(1)
    .describe("With trailing: how far behind the best close of a bar the stop follows, in R"),
  stopStepR: z.number().positive().max(10).default(0.1)
    .describe("Smallest move of a stop that is worth a message, in R; never less than a tick"),
  pairGraceMs: z.int().positive().default(60_000)
    .describe(
      "One leg of a pair filled and another not at all: after this both are given up, counted from the first fill",
    ),
  requireLiveQuotes: z.boolean().default(true)
    .describe("Whether entries need live quotes, as delayed ones hide the price to pay"),
  allowShort: z.boolean().default(false).describe("Whether entries may sell short"),
}).prefault({});

export type Limits = z.output<typeof limitsSchema>;

export const DEFAULT_LIMITS: Limits = limitsSchema.parse({});

/** Each limit in force by name, as text, for the ledger. */
export function limitsAsText(limits: Limits): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(limits).map(([name, value]) => [name, String(value)]));
}

/** The documentation of the limits, a table in Markdown: each by its name in the configuration. */
export function limitsTable(): string {
  const rows = Object.entries(limitsSchema.unwrap().shape).map(([name, { description }]) => {
    const value = Object.entries(DEFAULT_LIMITS).find(([limit]) => limit === name)?.[1];
    return `| \`${toSnakeCase(name)}\` | ${value} | ${description ?? ""} |`;
  });
  return ["| limit | default | meaning |", "|---|---|---|", ...rows, ""].join("\n");
}

function percent(max: number): z.ZodNumber {
  return z.number().positive().max(max);
}
