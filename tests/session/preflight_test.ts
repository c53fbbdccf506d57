import { deepStrictEqual, match, strictEqual } from "node:assert/strict";
import type { EntryBody, SessionClosed } from "../../lib/ledger/entry.ts";
import { MemoryLedger } from "../../lib/ledger/memory.ts";
import { instruct } from "../../lib/ledger/operator.ts";
import { LedgerFindings, refusalOf, surroundingsWords } from "../../lib/session/preflight.ts";
import { Restarts } from "../../lib/session/restarts.ts";
import { at, DAY, MINUTE, run } from "./run.ts";

/** What a session finds out before it connects. */

const CONNECTING: EntryBody = {
  kind: "state-changed",
  from: "preflight",
  to: "connecting",
  because: "",
};

function ended(outcome: SessionClosed["outcome"]): EntryBody {
  return { kind: "session-closed", outcome, because: "" };
}

/** Starts at these minutes, each killed before it could say anything; then what the next one is told. */
function after(minutes: readonly number[], now: number, last: readonly EntryBody[] = []): number[] {
  const ledger = new MemoryLedger();
  for (const [index, minute] of minutes.entries()) {
    const isLast = index === minutes.length - 1;
    ledger.append(`s-${index}`, at(minute), [CONNECTING, ...(isLast ? last : [])]);
  }
  const restarts = new Restarts();
  for (const entry of ledger.read()) restarts.apply(entry);
  const { inARow, waitMs } = restarts.before(at(now));
  return [inARow, waitMs];
}

Deno.test("a crash is taken up at once; the third start within minutes waits, and longer each time, up to a minute", () => {
  deepStrictEqual(after([], 0), [0, 0]);
  deepStrictEqual(after([0], 0), [1, 0]);
  const waits = [2, 3, 4, 5, 6, 7, 8, 20].map((starts) =>
    after(Array.from({ length: starts }, (_, index) => index / 100), starts / 100)[1] ?? 0
  );
  for (let index = 1; index < waits.length; index++) {
    strictEqual((waits[index] ?? 0) >= (waits[index - 1] ?? 0), true, waits.join(" "));
  }
  strictEqual((waits[0] ?? 0) > 0 && (waits.at(-1) ?? 0) <= MINUTE, true, waits.join(" "));
});

Deno.test("starts ten minutes apart are no loop, nor is one after a session that ended well", () => {
  deepStrictEqual(after([0, 1, 2], 13), [0, 0]);
  deepStrictEqual(after([0, 11, 22], 22.1), [1, 0]);
  deepStrictEqual(after([0, 1, 2], 2.1, [ended("interrupted")]), [0, 0]);
  strictEqual(after([0, 1, 2], 2.1, [ended("failed")])[0], 3);
});

Deno.test("time that has passed counts, a clock that was put back does not lengthen the wait", () => {
  const [, waitMs = 0] = after([0, 0.1], 0.1);
  strictEqual(after([0, 0.1], 0.1 + waitMs / MINUTE / 2)[1], waitMs / 2);
  strictEqual(after([0, 0.1], -60)[1], waitMs);
});

Deno.test("P7: what stands in the way is named: halt, pause, wish, and how the session before ended", async () => {
  const ledger = new MemoryLedger();
  const words = (): string => new LedgerFindings(ledger).words.join("; ");
  strictEqual(words(), "not halted; no session before this one");
  await run({ ledger });
  strictEqual(words(), "not halted; 2026-11-20-1 ended done, its books agreed");
  const said = { actor: "operator", because: "news", now: at(0) };
  instruct(ledger, "pause", said);
  instruct(ledger, "flatten", said);
  strictEqual(
    words(),
    "halted by operator: news; every position is to be closed; entries paused by operator: news; " +
      "2026-11-20-1 ended done, its books agreed",
  );
});

Deno.test("a session before that has no end, or whose books differed, is named", async () => {
  const ledger = new MemoryLedger();
  const { entries } = await run({ ledger });
  const words = (until: number): string => {
    const short = new MemoryLedger();
    for (const { sessionId, at: when, body } of entries.slice(0, until)) {
      short.append(sessionId, when, [body]);
    }
    return new LedgerFindings(short).words.at(-1) ?? "";
  };
  strictEqual(words(entries.length - 1), "2026-11-20-1 has no end and is taken up");
  ledger.append("2026-11-20-1", at(400), [{
    kind: "reconciled",
    at: "end",
    fills: { ledger: 0, broker: 0 },
    positions: { ledger: 0, broker: 1 },
    cash: { ledger: 0n, broker: 0n },
    differences: [{ what: "position", key: "GM", ledger: "0", broker: "5" }],
  }]);
  strictEqual(
    new LedgerFindings(ledger).words.at(-1),
    "2026-11-20-1 ended done, its books DIFFERED: GM",
  );
});

Deno.test("a disk without room for the day is a reason not to start; one nobody may ask about is said to be unknown", () => {
  const around = (freeBytes: number | null): Parameters<typeof refusalOf>[0] => (
    { freeBytes, day: DAY, calendarEnds: "2027-12-31" }
  );
  strictEqual(refusalOf(around(5e9)), null);
  strictEqual(refusalOf(around(null)), null);
  match(refusalOf(around(20e6)) ?? "", /^Cannot trade with 20 MB free on the ledger's disk/);
  deepStrictEqual(surroundingsWords(around(12.3e9)), [
    "12.3 GB free",
    "XNYS 09:30 to 16:00 America/New_York, calendar known until 2027-12-31",
  ]);
  strictEqual(surroundingsWords(around(null))[0], "free disk space unknown");
});
