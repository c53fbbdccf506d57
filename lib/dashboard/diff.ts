import { type Panels, STREAM_ROWS_MAX, type Streams } from "./feed.ts";
import type { View } from "./view.ts";

/** What a delta carries, both ways: the server takes the difference, the page puts it back together. Pure. */

export interface Difference {
  readonly panels: Partial<Panels>;
  readonly streams: Partial<Streams>;
}

/**
 * What turns `before` into `after`; null when nothing does. Rows are compared by identity: a fold replaces a row it
 * changes.
 */
export function difference(before: View, after: View): Difference | null {
  const panels = changedPanels(before.panels, after.panels);
  const streams: Partial<Streams> = {
    ...changedRows("equity", before.streams, after.streams),
    ...changedRows("marks", before.streams, after.streams),
    ...changedRows("decisions", before.streams, after.streams),
    ...changedRows("incidents", before.streams, after.streams),
  };
  const nothing = Object.keys(panels).length === 0 && Object.keys(streams).length === 0;
  return nothing ? null : { panels, streams };
}

/** True when rows are gone that a delta cannot take away: another day began, and readers need a snapshot. */
export function needsSnapshot(before: View, after: View): boolean {
  return gone("equity", before, after) || gone("marks", before, after) ||
    gone("decisions", before, after) || gone("incidents", before, after);
}

/** The view after a difference. */
export function withDifference(view: View, { panels, streams }: Difference): View {
  return {
    panels: { ...view.panels, ...panels },
    streams: {
      equity: merged("equity", view.streams.equity, streams.equity),
      marks: merged("marks", view.streams.marks, streams.marks),
      decisions: merged("decisions", view.streams.decisions, streams.decisions),
      incidents: merged("incidents", view.streams.incidents, streams.incidents),
    },
  };
}

function changedPanels(before: Panels, after: Panels): Partial<Panels> {
  const same = <K extends keyof Panels>(key: K): boolean =>
    before[key] === after[key] || JSON.stringify(before[key]) === JSON.stringify(after[key]);
  return Object.fromEntries(
    Object.entries(after).filter(([name]) => isPanel(name, after) && !same(name)),
  );
}

function isPanel(name: string, panels: Panels): name is keyof Panels {
  return Object.hasOwn(panels, name);
}

/** Rows that are new or not the same object as before, under the stream's name; nothing when there are none. */
function changedRows<K extends keyof Streams>(
  name: K,
  before: Streams,
  after: Streams,
): Partial<Streams> {
  if (before[name] === after[name]) return {};
  const known: ReadonlySet<unknown> = new Set<unknown>(before[name]);
  const rows = after[name].filter((row) => !known.has(row));
  return rows.length === 0 ? {} : { [name]: rows };
}

function gone(name: keyof Streams, before: View, after: View): boolean {
  const has = (rows: readonly { readonly key: string }[], key: string): boolean =>
    rows.some((row) => row.key === key);
  const [oldestBefore] = before.streams[name];
  const rows = after.streams[name];
  const [oldest] = rows;
  if (oldestBefore === undefined || has(rows, oldestBefore.key)) return false;
  // A full stream loses its oldest rows on both sides alike, unless all of them are new.
  if (oldest === undefined || rows.length < STREAM_ROWS_MAX[name]) return true;
  return !has(before.streams[name], oldest.key);
}

function merged<R extends { readonly key: string }>(
  name: keyof Streams,
  rows: readonly R[],
  news: readonly R[] | undefined,
): readonly R[] {
  if (news === undefined) return rows;
  const byKey = new Map(rows.map((row) => [row.key, row]));
  for (const row of news) byKey.set(row.key, row);
  const all = [...byKey.values()];
  return all.slice(Math.max(0, all.length - STREAM_ROWS_MAX[name]));
}
