import { deepStrictEqual, notStrictEqual, ok, strictEqual } from "node:assert/strict";
import { calendar } from "../../lib/calendar/calendar.ts";
import { loadConfig } from "../../lib/config.ts";
import type { Entry } from "../../lib/ledger/entry.ts";
import { foldPositions } from "../../lib/ledger/positions.ts";
import { bodiesOf } from "../../lib/ledger/select.ts";
import { openLedger } from "../../lib/ledger/sqlite.ts";
import { Intents } from "../../lib/session/intents.ts";
import { runSimulatedDay, type SimulatedDay } from "../../tasks/simulated_day.ts";

/** Whole sessions against the simulated Gateway over loopback TCP, in virtual time. */

interface Day extends SimulatedDay {
  readonly entries: readonly Entry[];
  readonly firstBreak: number | null;
}

async function trade(
  { seed, date = "2026-11-20", symbols = "AAPL,NVDA,ELTP,SOFI,QQQ,TSLA" }: {
    seed: number;
    date?: string;
    symbols?: string;
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
      loaded: loadConfig({ file: null, env: {}, flags }),
      stop: new AbortController().signal,
    });
    return { ...result, entries: [...ledger.read()], firstBreak: ledger.firstBreak() };
  } finally {
    ledger.close();
  }
}

/** I1–I6, held against the Gateway's own history. */
function checkInvariants({ entries, truth, firstBreak }: Day): void {
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

Deno.test("a day against the simulated Gateway: every invariant holds, to the micro", async () => {
  const day = await trade({ seed: 7 });
  strictEqual(day.outcome.outcome, "done");
  strictEqual(day.probed.verdict, "ready");
  ok(day.truth.executions.length > 0, "a day without a fill proves little");
  checkInvariants(day);
});

Deno.test("T2: a half day ends at 13:00 with nothing working and nothing held", async () => {
  const day = await trade({ seed: 11, date: "2026-11-27" });
  strictEqual(day.outcome.outcome, "done");
  checkInvariants(day);
  deepStrictEqual(day.truth.positions, []);
  const closed = day.entries.findLast(({ body }) => body.kind === "session-closed");
  const [opened] = bodiesOf(day.entries, "session-opened");
  strictEqual(new Date(opened?.closesAt ?? 0).toISOString(), "2026-11-27T18:00:00.000Z");
  ok((closed?.at ?? 0) >= (opened?.closesAt ?? Infinity));
});

Deno.test("the same seed gives the same ledger through the socket, another seed another", async () => {
  const hashes = [];
  for (const seed of [3, 3, 4]) {
    const day = await trade({ seed, symbols: "AAPL,SOFI" });
    hashes.push(day.entries.at(-1)?.hash);
  }
  strictEqual(hashes[0], hashes[1]);
  notStrictEqual(hashes[0], hashes[2]);
});
