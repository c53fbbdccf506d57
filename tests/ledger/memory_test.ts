import { deepStrictEqual, strictEqual } from "node:assert/strict";
import { join } from "node:path";
import type { EntryBody } from "../../lib/ledger/entry.ts";
import type { Ledger } from "../../lib/ledger/ledger.ts";
import { MemoryLedger } from "../../lib/ledger/memory.ts";
import { openLedger } from "../../lib/ledger/sqlite.ts";

const BODIES: readonly EntryBody[] = [
  { kind: "state-changed", from: null, to: "connecting", because: "a test" },
  { kind: "commission", execId: "a.01.01", amount: 1_000_003n, currency: "USD", realizedPnl: null },
  { kind: "halted", actor: "a test", because: "to see" },
];

function filled<L extends Ledger>(ledger: L): L {
  ledger.append("one", 1_000, BODIES.slice(0, 2));
  ledger.append("two", 2_000, BODIES.slice(2));
  return ledger;
}

Deno.test("MemoryLedger gives the same entries and the same hashes as the one on disk", () => {
  const folder = Deno.makeTempDirSync();
  try {
    const disk = filled(openLedger(join(folder, "ledger.sqlite")));
    const memory = filled(new MemoryLedger());
    const plain = (ledger: Ledger, query = {}): unknown[] =>
      [...ledger.read(query)].map(({ seq, at, sessionId, body, hash }) => ({
        seq,
        at,
        sessionId,
        body,
        hash,
      }));
    deepStrictEqual(plain(memory), plain(disk));
    deepStrictEqual(memory.head(), disk.head());
    deepStrictEqual(plain(memory, { sessionId: "one" }), plain(disk, { sessionId: "one" }));
    deepStrictEqual(plain(memory, { fromSeq: 3 }), plain(disk, { fromSeq: 3 }));
    for (
      const query of [
        { kinds: ["commission", "halted"] },
        { kinds: ["halted"], sessionId: "one" },
        { fromSeq: 2, beforeSeq: 3 },
        { fromSeq: 4 },
        { sessionId: "nobody" },
      ]
    ) deepStrictEqual(plain(memory, query), plain(disk, query));
    for (const id of ["one", "two", "nobody"]) deepStrictEqual(memory.span(id), disk.span(id));
    deepStrictEqual(memory.sessionIds(), ["one", "two"]);
    disk.close();
  } finally {
    Deno.removeSync(folder, { recursive: true });
  }
});

Deno.test("MemoryLedger is empty at first", () => {
  const ledger = new MemoryLedger();
  strictEqual(ledger.head(), null);
  deepStrictEqual(ledger.sessions(), []);
  deepStrictEqual([...ledger.read()], []);
});

Deno.test("why orders were made is the same from memory and from disk, with and without a signal", () => {
  const folder = Deno.makeTempDirSync();
  try {
    const disk = openLedger(join(folder, "ledger.sqlite"));
    const memory = new MemoryLedger();
    const signal: EntryBody = {
      kind: "signal",
      signalId: "one-s1",
      strategy: "sma-crossover",
      symbol: "AAPL",
      side: "BUY",
      purpose: "enter",
      stopPrice: null,
      group: null,
      // Names and quotes of others' choosing are not taken for the words that are looked for.
      reason: {
        rule: `cross "above\\`,
        text: `crossed, said "rule":"of thumb" and "strategy":"other"`,
        inputs: { fast: 10, rule: "of thumb", strategy: "other", signalId: "two" },
      },
      quote: { bid: null, ask: null, time: 0 },
    };
    for (const ledger of [disk, memory]) {
      ledger.append("one", 1, [...BODIES, signal, intent("A", null), intent("B", "one-s1")]);
    }
    const all = { fromSeq: 1, beforeSeq: 7 };
    deepStrictEqual(memory.grounds(all), disk.grounds(all));
    deepStrictEqual([...disk.grounds(all).signals], [["one-s1", {
      strategy: "sma-crossover",
      rule: `cross "above\\`,
    }]]);
    deepStrictEqual([...disk.grounds({ fromSeq: 6, beforeSeq: 7 }).intents.keys()], ["B"]);
    disk.close();
  } finally {
    Deno.removeSync(folder, { recursive: true });
  }
});

function intent(intentId: string, signalId: string | null): EntryBody {
  return {
    kind: "intent",
    intentId,
    signalId,
    orderRef: `RT-${intentId}`,
    strategy: "sma-crossover",
    symbol: "AAPL",
    conId: 265598,
    side: "BUY",
    role: "entry",
    orderType: "MKT",
    tif: "DAY",
    quantity: 1_000_000n,
    lmtPrice: null,
    auxPrice: null,
    parentIntentId: null,
    ocaGroup: null,
    parentOrderId: null,
    displaySize: null,
    algo: { strategy: "Twap", params: { role: "stop", signalId: "two", intentId: "C" } },
    deadlineMs: 0,
    sizing: `5 % is "role": "none"\n"intentId":null`,
    quote: { bid: null, ask: null, time: 0 },
  };
}
