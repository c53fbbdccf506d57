import { deepStrictEqual, strictEqual } from "node:assert/strict";
import fc from "fast-check";
import { difference, needsSnapshot, withDifference } from "../../lib/dashboard/diff.ts";
import { DashboardState } from "../../lib/dashboard/state.ts";
import { type View, viewOf } from "../../lib/dashboard/view.ts";
import { at, entered, incident, opened, ready, sample, tradingDay } from "./entries.ts";
import { SURROUNDINGS } from "./view_of.ts";

/** The day, and the one after it. */
const ENTRIES = tradingDay()
  .write(at(4), sample("10039", { AAPL: "104" }), incident("first"))
  .as("2026-11-23-1", at(4_320), entered("connecting"), incident("early"), ready)
  .as("2026-11-23-1", at(4_321), opened({ date: "2026-11-23" }), sample("10041"))
  .entries;

/** Over the wire and back. */
const sent = <T>(value: T): T => JSON.parse(JSON.stringify(value));

Deno.test("deltas from any instant to any later one give the page exactly what the server shows", () => {
  fc.assert(fc.property(
    fc.array(fc.integer({ min: 1, max: ENTRIES.length }), { minLength: 1, maxLength: 8 }),
    (cuts) => {
      const state = new DashboardState();
      let shown = viewOf(state, SURROUNDINGS);
      let page: View = sent(shown);
      let done = 0;
      for (const cut of cuts.toSorted((a, b) => a - b)) {
        for (const entry of ENTRIES.slice(done, cut)) state.apply(entry, null);
        done = Math.max(done, cut);
        const next = viewOf(state, SURROUNDINGS);
        const change = difference(shown, next);
        if (needsSnapshot(shown, next)) page = sent(next);
        else if (change !== null) page = withDifference(page, sent(change));
        shown = next;
      }
      deepStrictEqual(page, sent(shown));
    },
  ));
});

Deno.test("nothing is sent when nothing changed", () => {
  const state = new DashboardState();
  for (const entry of ENTRIES) state.apply(entry, null);
  strictEqual(difference(viewOf(state, SURROUNDINGS), viewOf(state, SURROUNDINGS)), null);
});

Deno.test("a new sample sends that sample and the panels it moves, not the whole day", () => {
  const state = new DashboardState();
  for (const entry of tradingDay().entries) state.apply(entry, null);
  const before = viewOf(state, SURROUNDINGS);
  const [entry] = tradingDay().write(at(4), sample("10039", { AAPL: "104" })).entries.slice(-1);
  if (entry === undefined) throw new Error("No entry");
  state.apply(entry, null);
  const change = difference(before, viewOf(state, SURROUNDINGS));
  deepStrictEqual(Object.keys(change?.panels ?? {}).sort(), [
    "account",
    "gateway",
    "limits",
    "positions",
    "session",
  ]);
  deepStrictEqual(change?.streams.equity?.map(({ equity }) => equity), ["10039"]);
  strictEqual(change?.streams.decisions, undefined);
});
