import type { EntryOf } from "../ledger/entry.ts";
import { midpoint } from "../market/market.ts";
import { greatest, type Micros, toNumber, ZERO } from "../money.ts";
import type { Day } from "./day.ts";
import { drawdownPeak } from "./day_falls.ts";
import { heldAtSamples } from "./held.ts";
import { highest, type Peak } from "./peak.ts";

/** How near a day came to each limit, by the names the session writes them down with. */

export interface LimitKind {
  readonly label: string;
  /** What it is counted in, for people; empty where the label says it. */
  readonly of: string;
  /** Of the refusal it causes. */
  readonly code: string;
  readonly formula: string;
  /** Why it can have no peak; without it a missing peak means that nothing happened to measure. */
  readonly reason?: string;
  peak(day: Day): Peak | null;
}

/** Limits by the name the session wrote down, each with the way its peak is found in the ledger. */
export const LIMIT_KINDS: Readonly<Record<string, LimitKind>> = {
  maxDailyLossPct: {
    label: "Loss of the day",
    of: "% of equity",
    code: "EXCEEDS_DAILY_LOSS",
    formula: "Opening NAV less equity at a sample, over opening NAV",
    peak: (day) => {
      const start = day.facts.start?.body.netLiquidation;
      if (start === undefined || start <= 0n) return null;
      return highest(
        day.facts.equity,
        ({ body }) => Math.max(0, (toNumber(start - body.equity) / toNumber(start)) * 100),
      );
    },
  },
  maxGrossExposurePct: {
    label: "Gross exposure",
    of: "% of equity",
    code: "EXCEEDS_GROSS_EXPOSURE",
    formula: "Long and short market value over equity at a sample",
    peak: (day) =>
      highest(
        day.facts.equity,
        ({ body }) =>
          body.equity <= 0n ? null : (toNumber(body.grossExposure) / toNumber(body.equity)) * 100,
      ),
  },
  maxNetExposurePct: {
    label: "Net exposure, either way",
    of: "% of equity",
    code: "EXCEEDS_NET_EXPOSURE",
    formula: "Long less short market value, without its sign, over equity at a sample",
    peak: (day) =>
      highest(
        day.facts.equity,
        ({ body }) =>
          body.equity <= 0n
            ? null
            : (Math.abs(toNumber(body.netExposure)) / toNumber(body.equity)) * 100,
      ),
  },
  maxDayDrawdownPct: {
    label: "Fall from the day's highest",
    of: "% of it",
    code: "EXCEEDS_DAY_DRAWDOWN",
    formula: "Highest equity of the day so far less equity at a sample, over that highest",
    peak: ({ facts }) => drawdownPeak(facts, null),
  },
  maxConsecutiveLosses: {
    label: "Losing round trips in a row",
    of: "",
    code: "LOSING_STREAK",
    formula: "Closed round trips with a net loss, one after another, since a halt was lifted",
    peak: ({ trips, facts }) => {
      const closed = trips.flatMap(({ closedBy, net }) =>
        closedBy === null ? [] : [{ closedBy, net }]
      )
        .toSorted((a, b) => a.closedBy.time - b.closedBy.time);
      const lifts = facts.halts.filter(({ body }) => body.kind === "halt-lifted");
      let [run, seqBefore] = [0, 0];
      const ends = closed.map(({ closedBy, net }) => {
        const seq = facts.executions.get(closedBy.execId)?.seq ?? 0;
        // Who lifts a halt has seen the losses before it.
        if (lifts.some((lift) => lift.seq > seqBefore && lift.seq < seq)) run = 0;
        run = net < 0n ? run + 1 : 0;
        seqBefore = seq;
        return { at: closedBy.time, seq, run };
      });
      return highest(ends, (end) => end.run);
    },
  },
  maxOrdersPerSymbolDay: {
    label: "Orders in one symbol",
    of: "",
    code: "EXCEEDS_SYMBOL_ORDERS",
    formula: "Orders sent in the symbol with most of them",
    peak: ({ facts }) => {
      const counts = new Map<string, number>();
      const sent = [...facts.orders.values()].flatMap(({ intent, sent }) =>
        sent.map(({ at, seq }) => ({ at, seq, symbol: intent?.body.symbol ?? "" }))
      ).toSorted((a, b) => a.seq - b.seq);
      return highest(sent, ({ symbol }) => {
        const count = (counts.get(symbol) ?? 0) + 1;
        counts.set(symbol, count);
        return count;
      });
    },
  },
  maxDrawdownPct: {
    label: "Fall from the highest since a halt was lifted",
    of: "% of it",
    code: "EXCEEDS_DRAWDOWN",
    formula: "Highest equity of all days so far less equity at a sample, over that highest",
    peak: ({ facts }) => drawdownPeak(facts, facts.peakBefore),
  },
  maxLeverage: {
    label: "Leverage",
    of: "times equity",
    code: "EXCEEDS_LEVERAGE",
    formula: "Equity, negative cash and short market value over equity at a sample",
    peak: (day) =>
      highest(day.facts.equity, ({ body: { equity, cash, grossExposure, netExposure } }) => {
        if (equity <= ZERO) return null;
        const borrowed = (grossExposure - netExposure) / 2n + greatest(-cash, ZERO);
        return toNumber(equity + borrowed) / toNumber(equity);
      }),
  },
  maxSectorPct: {
    label: "One industry",
    of: "% of equity",
    code: "EXCEEDS_SECTOR",
    formula: "Long and short market value of the largest industry over equity at a sample",
    peak: (day) =>
      highest(
        heldAtSamples(day),
        ({ byIndustry, equity }) =>
          equity <= ZERO
            ? null
            : toNumber([...byIndustry.values()].reduce(greatest, ZERO)) / toNumber(equity) * 100,
      ),
  },
  maxCorrelatedPct: {
    label: "Positions that move together",
    of: "% of equity",
    code: "EXCEEDS_CORRELATED",
    formula: "Market value of what gains and loses together over equity",
    reason: "The ledger keeps no bars to compare",
    peak: () => null,
  },
  maxHeatPct: {
    label: "Loss if every stop were hit",
    of: "% of equity",
    code: "EXCEEDS_HEAT",
    formula:
      "Market value less value at the stop, all of it without one, and working entries to their stops, over equity at a sample",
    peak: (day) =>
      highest(
        heldAtSamples(day),
        ({ heat, equity }) => equity <= ZERO ? null : toNumber(heat) / toNumber(equity) * 100,
      ),
  },
  maxBarVolumePct: {
    label: "One entry",
    of: "% of the average volume in its time",
    code: "EXCEEDS_LIQUIDITY",
    formula: "Shares of an entry over the symbol's average volume in the time it is worked",
    reason: "The ledger keeps no volumes of bars",
    peak: () => null,
  },
  maxSpreadPct: {
    label: "Spread at an entry",
    of: "% of the middle",
    code: "WIDE_SPREAD",
    formula: "Ask less bid over their middle when an entry was written down",
    peak: (day) =>
      highest(entries(day), ({ body: { quote } }) => {
        const middle = midpoint(quote);
        if (middle === null || quote.ask === null || quote.bid === null) return null;
        return (quote.ask - quote.bid) / middle * 100;
      }),
  },
  priceCollarPct: {
    label: "Limit price from the middle",
    of: "% of the middle",
    code: "OUTSIDE_COLLAR",
    formula:
      "Limit price less middle of the quote, without its sign, when an entry was written down",
    peak: (day) =>
      highest(entries(day), ({ body: { quote, lmtPrice } }) => {
        const middle = midpoint(quote);
        if (middle === null || lmtPrice === null) return null;
        return Math.abs(toNumber(lmtPrice) - middle) / middle * 100;
      }),
  },
  maxQuoteAgeMs: {
    label: "Age of the quote at an entry",
    of: "ms",
    code: "STALE_QUOTE",
    formula: "When an entry was written down less the time of its quote",
    peak: (day) =>
      highest(
        entries(day),
        ({ at, body: { quote } }) => midpoint(quote) === null ? null : Math.max(0, at - quote.time),
      ),
  },
  cooldownMs: {
    label: "Wait between trades of a symbol",
    of: "ms, at least",
    code: "COOLDOWN",
    formula: "Not a most but a least: its blocks say how often it was not over",
    reason: "A wait has no highest",
    peak: () => null,
  },
  outlierPct: {
    label: "Step of a price that waits to be confirmed",
    of: "%",
    code: "PRICE_QUARANTINED",
    formula: "A price less the last good one, without its sign, over that",
    reason: "The ledger keeps no prices between its samples",
    peak: () => null,
  },
  maxOpenPositions: {
    label: "Positions at once",
    of: "",
    code: "EXCEEDS_OPEN_POSITIONS",
    formula: "Symbols held at a sample; working entries, which count too, are not sampled",
    peak: (day) => highest(day.facts.equity, ({ body }) => Object.keys(body.marks).length),
  },
  maxPositionPct: {
    label: "One position",
    of: "% of equity",
    code: "EXCEEDS_POSITION_LIMIT",
    formula: "Quantity × limit price of an entry over opening NAV",
    peak: (day) => {
      const start = day.facts.start?.body.netLiquidation;
      if (start === undefined || start <= 0n) return null;
      return highest(entries(day), ({ body }) => {
        const notional = entryNotional(body);
        return notional === null ? null : (notional / toNumber(start)) * 100;
      });
    },
  },
  maxOrderNotionalUsd: {
    label: "One entry",
    of: "USD",
    code: "EXCEEDS_ORDER_NOTIONAL",
    formula: "Quantity × limit price of an entry",
    peak: (day) => highest(entries(day), ({ body }) => entryNotional(body)),
  },
  maxDailyNotionalUsd: {
    label: "Entries of the day together",
    of: "USD",
    code: "EXCEEDS_DAILY_NOTIONAL",
    formula: "Sum of quantity × price of the entry fills",
    peak: (day) => {
      const fills = [...day.facts.executions.values()].filter(({ body }) =>
        body.intentId !== null &&
        day.facts.orders.get(body.intentId)?.intent?.body.role === "entry"
      );
      const value = fills.reduce(
        (sum, { body }) => sum + toNumber(body.quantity) * toNumber(body.price),
        0,
      );
      const at = fills.at(-1)?.at;
      return at === undefined ? null : { value, at, seqs: fills.map(({ seq }) => seq) };
    },
  },
  maxOrdersPerMinute: {
    label: "Orders within a minute",
    of: "",
    code: "EXCEEDS_ORDER_RATE",
    formula: "Orders sent within any 60 seconds",
    peak: (day) => {
      const sent = [...day.facts.orders.values()].flatMap(({ sent }) => sent)
        .toSorted((a, b) => a.at - b.at);
      let first = 0;
      return highest(sent, ({ at }, index) => {
        while ((sent[first]?.at ?? at) <= at - 60_000) first++;
        return index - first + 1;
      });
    },
  },
};

function entries({ facts }: Day): readonly EntryOf<"intent">[] {
  return [...facts.orders.values()].flatMap(({ intent }) =>
    intent !== null && intent.body.role === "entry" ? [intent] : []
  );
}

function entryNotional(
  { quantity, lmtPrice }: { readonly quantity: Micros; readonly lmtPrice: Micros | null },
): number | null {
  return lmtPrice === null ? null : toNumber(quantity) * toNumber(lmtPrice);
}
