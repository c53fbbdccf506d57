import type { Entry } from "../ledger/entry.ts";
import { encodeBody } from "../ledger/schema.ts";
import { maskText } from "../probe/mask.ts";
import { closestString } from "../std/text.ts";
import { cellFigures, type Figure, figuresOf, type Report, tablesOf } from "./figure.ts";
import { display } from "./format.ts";
import { ZoneTimes } from "./times.ts";

/** A figure with everything it came from. */
export interface Trace {
  readonly figure: Figure;
  /** Figures it is made of, as far down as they go. */
  readonly parts: readonly Figure[];
  /** Entries of the ledger that it, or a part of it, came from, in order of seq. */
  readonly entries: readonly Entry[];
}

/** Figures that stand on figures that stand on figures: no chain is longer. */
const DEPTH_MAX = 8;

/** Null when the report has no such figure. */
export function traceFigure(id: string, report: Report, entries: Iterable<Entry>): Trace | null {
  const figures = figuresOf(report);
  const figure = figures.get(id) ?? cellOf(id, report);
  if (figure === undefined) return null;
  const parts = new Map<string, Figure>();
  let level: readonly Figure[] = [figure];
  for (let depth = 0; depth < DEPTH_MAX && level.length > 0; depth++) {
    level = level.flatMap(({ inputs }) => inputs.figures ?? []).flatMap((partId) => {
      const part = figures.get(partId);
      if (part === undefined || parts.has(partId) || partId === id) return [];
      parts.set(partId, part);
      return [part];
    });
  }
  const inputs = [figure, ...parts.values()].map((one) => one.inputs);
  const seqs = new Set(inputs.flatMap((one) => one.seqs ?? []));
  const execIds = new Set(inputs.flatMap((one) => one.execIds ?? []));
  const intentIds = new Set(inputs.flatMap((one) => one.intentIds ?? []));
  const found: Entry[] = [];
  for (const entry of entries) {
    const { body, seq } = entry;
    const concerns = seqs.has(seq) ||
      ((body.kind === "execution" || body.kind === "commission") && execIds.has(body.execId)) ||
      (body.kind === "intent" && intentIds.has(body.intentId));
    if (concerns) found.push(entry);
  }
  return { figure, parts: [...parts.values()], entries: found };
}

/** A cell of a long table. */
function cellOf(id: string, report: Report): Figure | undefined {
  const table = tablesOf(report).find((one) => id.startsWith(`${one.id}.`));
  return table === undefined ? undefined : cellFigures(table).find((figure) => figure.id === id);
}

const SIMILAR_MAX = 5;

/** Ids that look like this one, for when it is misspelt. */
export function similarIds(id: string, report: Report): readonly string[] {
  const known = [...figuresOf(report).keys()];
  const nearest = closestString(id, known);
  const alike = known.filter((other) => other.endsWith(`.${id}`) || other.startsWith(`${id}.`));
  return [...new Set([nearest, ...alike])].slice(0, SIMILAR_MAX);
}

/** A trace as a person reads it, one fact per line. */
export function traceLines({ figure, parts, entries }: Trace, report: Report): readonly string[] {
  const times = new ZoneTimes(report.zone);
  const { label, id, formula, n, status, reason } = figure;
  const shown = ({ value, unit }: Figure): string => {
    const text = display(value, unit, { times });
    return value === null || text === value ? text : `${text} (exactly ${value})`;
  };
  return [
    `${label} (${id})`,
    `  value    ${shown(figure)}${unitOf(figure, report)}`,
    `  status   ${status}${reason === null ? "" : `: ${reason}`}`,
    `  formula  ${formula}`,
    `  n        ${n}`,
    ...parts.map((part) => `  from     ${part.label} (${part.id}): ${shown(part)}`),
    ...entries.map((entry) =>
      `  entry    ${entry.seq} ${times.full(entry.at)} ${entry.body.kind} ${
        maskText(encodeBody(entry.body))
      }`
    ),
  ];
}

function unitOf({ unit }: Figure, { currency }: Report): string {
  return unit === "money" ? ` ${currency}` : "";
}
