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
