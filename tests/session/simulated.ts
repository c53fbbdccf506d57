import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import { calendar } from "../../lib/calendar/calendar.ts";
import { loadConfig } from "../../lib/config.ts";
import type { Entry } from "../../lib/ledger/entry.ts";
import { foldPositions } from "../../lib/ledger/positions.ts";
import { bodiesOf } from "../../lib/ledger/select.ts";
import { openLedger } from "../../lib/ledger/sqlite.ts";
import { Intents } from "../../lib/session/intents.ts";
import { runSimulatedDay, type SimulatedDay } from "../../tasks/simulated_day.ts";

/** A whole session against the simulated Gateway over loopback TCP, in virtual time, and what must hold of it. */

export interface Day extends SimulatedDay {
  readonly entries: readonly Entry[];
  readonly firstBreak: number | null;
}

export async function trade(
  { seed, date = "2026-11-20", symbols = "AAPL,NVDA,ELTP,SOFI,QQQ,TSLA", toml = "" }: {
    seed: number;
    date?: string;
    symbols?: string;
    /** More of the configuration. */
    toml?: string;
  },
): Promise<Day> {
  const day = calendar("XNYS").session(date);
  if (day === null) throw new Error(`No session on ${date}`);
  const ledger = openLedger(":memory:");
  const flags = { "session.symbols": { flag: "--symbols", value: symbols } };
  try {
    const result = await runSimulatedDay({
      seed,
      day,
      ledger,
      loaded: loadConfig({ file: { name: "test", text: toml }, env: {}, flags }),
      stop: new AbortController().signal,
    });
    return { ...result, entries: [...ledger.read()], firstBreak: ledger.firstBreak() };
  } finally {
    ledger.close();
  }
}

/** I1–I6, held against the Gateway's own history. */
export function checkInvariants({ entries, truth, firstBreak }: Day): void {
  const refs = truth.orders.map(({ orderRef }) => orderRef);
  strictEqual(new Set(refs).size, refs.length, "I1: two broker orders for one intent");

  const books = foldPositions(entries);
  strictEqual(books.cash, truth.cash, "I2: cash differs");
  deepStrictEqual(
    books.positions().map(({ symbol, quantity }) => [symbol, quantity]).sort(),
    truth.positions.map(({ symbol, quantity }) => [symbol, quantity]).sort(),
    "I2: positions differ",
  );

  const refused = new Set(bodiesOf(entries, "refused").map(({ signalId }) => signalId));
  const intents = bodiesOf(entries, "intent");
  ok(intents.every(({ signalId }) => signalId === null || !refused.has(signalId)), "I3");
  deepStrictEqual(refs.toSorted(), intents.map(({ orderRef }) => orderRef).sort(), "I3: not ours");

  deepStrictEqual(
    bodiesOf(entries, "execution").map(({ execId }) => execId).sort(),
    truth.executions.map(({ execId }) => execId).sort(),
    "I4: fills differ",
  );
  strictEqual(firstBreak, null, "I5: hash chain broken");

  const folded = new Intents();
  for (const entry of entries) folded.apply(entry);
  deepStrictEqual(folded.open(), [], "I6: an intent without an end");
}
