import { absolute, formatMicros, type Micros, toNumber } from "../money.ts";
import { ROUNDING_MAX } from "./accounting.ts";
import { type Day, exact, figure } from "./day.ts";
import type { Figure, Point, Section, Table } from "./figure.ts";
import { decimal, display, duration } from "./format.ts";
import { marksOf, workingPoints } from "./strip_marks.ts";

/** The day on one time axis: what it was worth, and everything that happened to it. */
export function stripSection(day: Day): Section {
  const { facts, opensAt, closesAt, times, accounting } = day;
  const equity = equityPoints(day);
  const table = equityTable(day);
  return {
    id: "strip",
    title: "The session",
    lead: lead(day),
    blocks: [
      {
        type: "chart",
        chart: {
          kind: "session",
          id: "session",
          title: "Equity and events",
          description:
            `Equity from ${times.minute(opensAt)} to ${
              times.minute(closesAt)
            }, with what was held, ` +
            "orders, fills, refusals, connection, data and incidents on the same axis",
          opensAt,
          closesAt,
          equity,
          start: accounting.startNav === null ? null : toNumber(accounting.startNav),
          exposure: facts.equity.map(({ at, body }) => ({
            time: at,
            value: toNumber(body.grossExposure),
          })),
          working: workingPoints(day),
          marks: marksOf(day),
        },
      },
      { type: "figures", figures: equityFigures(day) },
      ...(facts.equity.length === 0 ? [] : [{ type: "table" as const, table }]),
    ],
  };
}

/** Deepest fall below the highest equity so far, the start included; null without samples. */
export function drawdownOf(
  day: Day,
): { readonly amount: Micros; readonly at: number; readonly from: number } | null {
  const start = day.facts.start;
  const samples = valuesOf(day);
  const [first] = samples;
  if (first === undefined) return null;
  let peak = start === null
    ? first
    : { at: start.at, value: start.body.netLiquidation, seq: start.seq };
  let worst = { amount: 0n, at: first.at, from: first.at };
  for (const sample of samples) {
    // Of equal heights the last one is where the fall began.
    if (sample.value >= peak.value) peak = sample;
    const fall = peak.value - sample.value;
    if (fall > worst.amount) worst = { amount: fall, at: sample.at, from: peak.at };
  }
  return worst;
}

interface Valued {
  readonly at: number;
  readonly value: Micros;
  readonly seq: number;
}

/** The samples, and the broker's last word after them. */
function valuesOf({ facts }: Day): readonly Valued[] {
  const samples = facts.equity.map(({ at, seq, body }) => ({ at, seq, value: body.equity }));
  const { end } = facts;
  const last = samples.at(-1);
  // The broker's word is rounded to the cent: a fall of that much never happened.
  if (end === null || isSame(last?.value, end.body.netLiquidation)) return samples;
  return [...samples, { at: end.at, seq: end.seq, value: end.body.netLiquidation }];
}

function isSame(ours: Micros | undefined, broker: Micros): boolean {
  return ours !== undefined && absolute(ours - broker) <= ROUNDING_MAX;
}

function lead(day: Day): string {
  const { facts, times } = day;
  const drawdown = drawdownOf(day);
  if (drawdown === null) {
    return "No equity was sampled, so the day has no curve.";
  }
  const interval = samplingMs(facts.equity.map(({ at }) => at));
  const every = interval === null ? "once" : `every ${duration(interval)}`;
  if (drawdown.amount === 0n) return `Equity never fell below its start; sampled ${every}.`;
  const amount = display(formatMicros(drawdown.amount), "money", { times });
  return `The deepest fall was ${amount}, from ${times.minute(drawdown.from)} to ${
    times.minute(drawdown.at)
  }; sampled ${every}.`;
}

function equityFigures(day: Day): readonly Figure[] {
  const values = valuesOf(day);
  const seqs = values.map(({ seq }) => seq);
  const reason = values.length === 0 ? "No equity was sampled" : null;
  const sorted = values.toSorted((a, b) => a.value < b.value ? -1 : a.value > b.value ? 1 : 0);
  const drawdown = drawdownOf(day);
  const peak = drawdown === null ? null : drawdown.amount;
  const interval = samplingMs(day.facts.equity.map(({ at }) => at));
  const exposure = grossPeak(day);
  return [
    figure({
      id: "equity.high",
      label: "Highest equity",
      unit: "money",
      value: exact(sorted.at(-1)?.value ?? null),
      formula: "Highest of the samples and the end snapshot",
      n: values.length,
      inputs: { seqs: sorted.slice(-1).map(({ seq }) => seq) },
      reason,
    }),
    figure({
      id: "equity.low",
      label: "Lowest equity",
      unit: "money",
      value: exact(sorted.at(0)?.value ?? null),
      formula: "Lowest of the samples and the end snapshot",
      n: values.length,
      inputs: { seqs: sorted.slice(0, 1).map(({ seq }) => seq) },
      reason,
    }),
    figure({
      id: "equity.drawdown",
      label: "Deepest drawdown",
      unit: "money",
      value: exact(peak),
      formula: "Largest fall from the highest equity so far, the start counting as a height",
      n: values.length,
      inputs: { seqs },
      reason,
    }),
    figure({
      id: "equity.exposure",
      label: "Highest gross exposure",
      unit: "percent",
      value: exposure === null ? null : decimal(exposure.percent),
      formula: "Long and short market value added up, over equity, at a sample; the highest",
      n: day.facts.equity.length,
      inputs: { seqs: exposure === null ? [] : [exposure.seq] },
      reason: exposure === null ? "No equity was sampled" : null,
    }),
    figure({
      id: "equity.interval",
      label: "Sampled every",
      unit: "ms",
      value: interval === null ? null : String(interval),
      formula: "Median time between samples",
      n: day.facts.equity.length,
      reason: interval === null ? "Fewer than two samples" : null,
    }),
  ];
}

/** Median time between samples; null with fewer than two. */
function samplingMs(times: readonly number[]): number | null {
  const gaps = times.slice(1).map((time, index) => time - (times[index] ?? time))
    .toSorted((a, b) => a - b);
  return gaps[Math.floor(gaps.length / 2)] ?? null;
}

export function grossPeak(
  { facts }: Day,
): { readonly percent: number; readonly seq: number; readonly at: number } | null {
  let peak: { percent: number; seq: number; at: number } | null = null;
  for (const { body, seq, at } of facts.equity) {
    if (body.equity <= 0n) continue;
    const percent = (toNumber(body.grossExposure) / toNumber(body.equity)) * 100;
    if (peak === null || percent > peak.percent) peak = { percent, seq, at };
  }
  return peak;
}

function equityPoints(day: Day): readonly Point[] {
  return valuesOf(day).map(({ at, value }) => ({ time: at, value: toNumber(value) }));
}

function equityTable({ facts }: Day): Table {
  return {
    id: "equity",
    caption: "Equity samples",
    columns: [
      { id: "time", label: "Time", unit: "time", formula: null },
      { id: "equity", label: "Equity", unit: "money", formula: null },
      { id: "cash", label: "Cash", unit: "money", formula: null },
      { id: "realized", label: "Realised", unit: "money", formula: null, signed: true },
      { id: "unrealized", label: "Unrealised", unit: "money", formula: null, signed: true },
      { id: "commissions", label: "Commissions", unit: "money", formula: null },
      { id: "gross", label: "Gross exposure", unit: "money", formula: null },
      { id: "net", label: "Net exposure", unit: "money", formula: null, signed: true },
    ],
    rows: facts.equity.map(({ at, seq, body }) => ({
      id: String(seq),
      cells: [
        String(at),
        exact(body.equity),
        exact(body.cash),
        exact(body.realizedPnl),
        exact(body.unrealizedPnl),
        exact(body.commissions),
        exact(body.grossExposure),
        exact(body.netExposure),
      ],
      inputs: { seqs: [seq] },
    })),
    empty: "No equity was sampled.",
    long: true,
    thin: true,
  };
}
