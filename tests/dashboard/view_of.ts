import type { Panels } from "../../lib/dashboard/feed.ts";
import { DashboardState } from "../../lib/dashboard/state.ts";
import { type View, viewOf } from "../../lib/dashboard/view.ts";
import type { Entry } from "../../lib/ledger/entry.ts";

export const SURROUNDINGS = {
  ledger: { state: "following", because: null, since: 0, seq: 0, hash: null },
  market: { exchange: "XNYS", zone: "America/New_York", known: false, because: "not asked" },
  schedule: { known: false, because: "not asked" },
  reports: [],
  control: { allowed: false },
} as const satisfies Partial<Panels>;

/** What is shown after these entries, all of which were there before the dashboard. */
export function shownAfter(entries: Iterable<Entry>): View {
  return viewOf(foldAll(entries), SURROUNDINGS);
}

export function foldAll(entries: Iterable<Entry>): DashboardState {
  const state = new DashboardState();
  for (const entry of entries) state.apply(entry, null);
  return state;
}
