import type { Entry } from "../ledger/entry.ts";
import { formatMicros } from "../money.ts";
import { FINAL_STATUSES } from "../orders/order.ts";
import type { Day } from "./day.ts";
import type { Mark, Point } from "./figure.ts";

/** What happened to the session, as marks on its time axis. */

/** Incidents that say that prices were missing, old or implausible. */
const DATA_CODES: ReadonlySet<string> = new Set(["stale-feed", "feed-restored", "price-outlier"]);

export function marksOf(day: Day): readonly Mark[] {
  const { facts } = day;
  const fills = facts.books.symbols().flatMap(({ symbol }) =>
    facts.books.tape(symbol)?.executions ?? []
  ).map((fill): Mark => ({
    time: fill.time,
    until: null,
    lane: "fills",
    tone: fill.side === "BUY" ? "buy" : "sell",
    text: `${fill.side} ${formatMicros(fill.quantity)} ${fill.symbol} at ${
      formatMicros(fill.price)
    }`,
  }));
  const refusals = [...facts.refusals.values()].map(({ at, body }): Mark => ({
    time: at,
    until: null,
    lane: "refusals",
    tone: "neutral",
    text: `${body.symbol} refused: ${body.code}`,
  }));
  const incidents = facts.incidents.map(({ at, body }): Mark => ({
    // One that says how long it lasted is written at its end.
    time: body.durationMs === null ? at : at - body.durationMs,
    until: body.durationMs === null ? null : at,
    lane: DATA_CODES.has(body.code) ? "data" : "incidents",
    tone: body.severity === "error" ? "bad" : body.severity === "warning" ? "warning" : "neutral",
    text: `${body.code}: ${body.text}`,
  }));
  const commands = facts.flattens.map(({ at, body }): Mark => ({
    time: at,
    until: null,
    lane: "incidents",
    tone: "bad",
    text: `Everything to be closed, said ${body.actor}: ${body.because}`,
  }));
  return [
    ...fills,
    ...refusals,
    ...outages(day),
    ...incidents,
    ...commands,
    ...farmOutages(day),
    ...halts(day),
    ...pauses(day),
  ].toSorted((a, b) => a.time - b.time);
}

/** Orders at the broker: from sent, or heard of again, to the end it was told of or the last that was written. */
export function workingPoints({ facts }: Day): readonly Point[] {
  const changes = [...facts.orders.values()].flatMap(({ key, sent, events }) => {
    const first = sent[0] ?? (facts.carried.has(key) ? events[0] : undefined);
    const end = events.find(({ body }) => FINAL_STATUSES.has(body.status));
    if (first === undefined) return [];
    const begin = { time: first.at, by: 1 };
    return end === undefined ? [begin] : [begin, { time: end.at, by: -1 }];
  }).toSorted((a, b) => a.time - b.time);
  const points: Point[] = [];
  let value = 0;
  for (const { time, by } of changes) {
    value += by;
    if (points.at(-1)?.time === time) points.pop();
    points.push({ time, value });
  }
  const last = facts.last?.at ?? 0;
  return value > 0 && last > (points.at(-1)?.time ?? last)
    ? [...points, { time: last, value }]
    : points;
}

interface Change {
  readonly at: number;
  /** Null ends the spell. */
  readonly text: string | null;
}

/** From each change that begins something to the one that ends it, or to the last entry. */
function spells(
  changes: readonly Change[],
  last: Entry | null,
  look: Pick<Mark, "lane" | "tone">,
): readonly Mark[] {
  const marks: Mark[] = [];
  let since: { readonly at: number; readonly text: string } | null = null;
  for (
    const { at, text } of [...changes, { at: last?.at ?? changes.at(-1)?.at ?? 0, text: null }]
  ) {
    if (text !== null) since ??= { at, text };
    else if (since !== null) {
      marks.push({ time: since.at, until: at, ...look, text: since.text });
      since = null;
    }
  }
  return marks;
}

/** From each loss of the link to the next `ready`, or to the end of the session. */
export function outages({ facts: { connections, last } }: Day): readonly Mark[] {
  const firstReady = connections.findIndex(({ body }) => body.state === "ready");
  if (firstReady < 0) return [];
  const changes = connections.slice(firstReady).map(({ at, body }) => ({
    at,
    text: body.state === "ready" ? null : `${body.state}: ${body.detail}`,
  }));
  return spells(changes, last, { lane: "connection", tone: "bad" });
}

/** A farm that rests until it is asked is no outage. */
export function farmOutages({ facts: { farms, last } }: Day): readonly Mark[] {
  const names = [...new Set(farms.map(({ body }) => body.farm))];
  return names.flatMap((name) => {
    const changes = farms.filter(({ body }) => body.farm === name).map(({ at, body }) => ({
      at,
      text: body.state === "down" || body.state === "connecting"
        ? `${body.farm}, ${body.service}, ${body.state}`
        : null,
    }));
    return spells(changes, last, { lane: "data", tone: "warning" });
  });
}

export function halts({ facts }: Day): readonly Mark[] {
  const { haltBefore, first, last } = facts;
  const changes = facts.halts.map(({ at, body }) => ({
    at,
    text: body.kind === "halted" ? `Halted: ${body.because}` : null,
  }));
  const before = haltBefore === null || first === null
    ? []
    : [{ at: first.at, text: `Halted: ${haltBefore.body.because}` }];
  return spells([...before, ...changes], last, { lane: "halt", tone: "bad" });
}

export function pauses({ facts }: Day): readonly Mark[] {
  const { pauseBefore, first, last } = facts;
  const changes = facts.pauses.map(({ at, body }) => ({
    at,
    text: body.kind === "entries-paused" ? `Entries paused: ${body.because}` : null,
  }));
  const before = pauseBefore === null || first === null
    ? []
    : [{ at: first.at, text: `Entries paused: ${pauseBefore.body.because}` }];
  return spells([...before, ...changes], last, { lane: "pause", tone: "warning" });
}
