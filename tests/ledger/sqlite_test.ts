import { deepStrictEqual, strictEqual, throws } from "node:assert/strict";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import type { EntryBody, ExecutionBooked, IntentRecorded } from "../../lib/ledger/entry.ts";
import { LedgerError } from "../../lib/ledger/ledger.ts";
import { SCHEMA_VERSION } from "../../lib/ledger/migrations.ts";
import { decodeBody, encodeBody } from "../../lib/ledger/schema.ts";
import { openLedger, openLedgerReader } from "../../lib/ledger/sqlite.ts";
import { parseMicros } from "../../lib/money.ts";

const QUOTE = { bid: 9.99, ask: 10.01, time: 1_700_000_000_000 };

const intent = (intentId: string): IntentRecorded => ({
  kind: "intent",
  intentId,
  signalId: "s1",
  orderRef: `rt-${intentId}`,
  strategy: "sma-crossover",
  symbol: "AAPL",
  conId: 265598,
  side: "BUY",
  role: "entry",
  orderType: "LMT",
  tif: "DAY",
  quantity: parseMicros("100"),
  lmtPrice: parseMicros("10.01"),
  auxPrice: null,
  parentIntentId: null,
  ocaGroup: null,
  parentOrderId: null,
  displaySize: null,
  algo: null,
  deadlineMs: 1_700_000_030_000,
  sizing: "100 shares: 1 % of 100,100.00 at 10.01",
  quote: QUOTE,
});

const execution = (execId: string): ExecutionBooked => ({
  kind: "execution",
  execId,
  intentId: "A",
  orderId: 7,
  permId: 1001,
  orderRef: "rt-A",
  account: "DU1234567",
  symbol: "AAPL",
  conId: 265598,
  side: "BUY",
  quantity: parseMicros("100"),
  price: parseMicros("10.0051"),
  time: 1_700_000_001_000,
  exchange: "ISLAND",
  lastLiquidity: 2,
  quote: QUOTE,
});

function withLedgerPath(test: (path: string) => void): void {
  const folder = Deno.makeTempDirSync();
  try {
    test(join(folder, "ledger.sqlite"));
  } finally {
    Deno.removeSync(folder, { recursive: true });
  }
}

Deno.test("openLedger() gives back after reopening what was appended, Micros exact", () => {
  withLedgerPath((path) => {
    const bodies: EntryBody[] = [intent("A"), execution("0001.0001.01.01")];
    const writer = openLedger(path);
    const written = writer.append("s", 5, bodies);
    writer.close();
    const reader = openLedgerReader(path);
    deepStrictEqual([...reader.read()], written);
    deepStrictEqual([...reader.read()].map(({ body }) => body), bodies);
    strictEqual(reader.firstBreak(), null);
    reader.close();
  });
});

Deno.test("L9: append() refuses a second entry for the same intent and writes none of its batch", () => {
  withLedgerPath((path) => {
    const ledger = openLedger(path);
    ledger.append("s", 1, [intent("A")]);
    throws(
      () =>
        ledger.append("s", 2, [{ kind: "halted", actor: "risk", because: "test" }, intent("A")]),
      LedgerError,
    );
    strictEqual(ledger.head()?.seq, 1);
    ledger.close();
  });
});

Deno.test("append() refuses the same execution id twice", () => {
  withLedgerPath((path) => {
    const ledger = openLedger(path);
    ledger.append("s", 1, [execution("0001.0001.01.01")]);
    throws(() => ledger.append("s", 2, [execution("0001.0001.01.01")]), LedgerError);
    ledger.append("s", 2, [execution("0001.0001.01.02")]);
    strictEqual(ledger.head()?.seq, 2);
    ledger.close();
  });
});

Deno.test("append() refuses a number that is not finite", () => {
  withLedgerPath((path) => {
    const ledger = openLedger(path);
    const body = { ...intent("A"), quote: { bid: NaN, ask: null, time: 0 } };
    throws(() => ledger.append("s", 1, [body]), /not a finite number/);
    strictEqual(ledger.head(), null);
    ledger.close();
  });
});

Deno.test("P1: a ledger file refuses to change or lose an entry, even by hand", () => {
  withLedgerPath((path) => {
    const ledger = openLedger(path);
    ledger.append("s", 1, [intent("A")]);
    ledger.close();
    const db = new DatabaseSync(path);
    throws(() => db.exec("UPDATE entries SET at = 0"), /a ledger entry is final/);
    throws(() => db.exec("DELETE FROM entries"), /a ledger entry is final/);
    db.close();
  });
});

Deno.test("firstBreak() names the entry that was tampered with", () => {
  withLedgerPath((path) => {
    const ledger = openLedger(path);
    ledger.append("s", 1, [intent("A"), intent("B"), intent("C")]);
    ledger.close();
    const db = new DatabaseSync(path);
    db.exec(`DROP TRIGGER entries_never_change;
      UPDATE entries SET body = replace(body, '10.01', '10.02') WHERE seq = 2`);
    db.close();
    const reader = openLedgerReader(path);
    strictEqual(reader.firstBreak(), 2);
    reader.close();
  });
});

Deno.test("openLedger() refuses a file from the future and leaves it as it is", () => {
  withLedgerPath((path) => {
    openLedger(path).close();
    const db = new DatabaseSync(path);
    db.exec(`PRAGMA user_version = ${SCHEMA_VERSION + 1}`);
    db.close();
    const before = Deno.readFileSync(path);
    throws(() => openLedger(path), /schema version 3 is newer than this program's 2; update/);
    throws(() => openLedgerReader(path), LedgerError);
    deepStrictEqual(Deno.readFileSync(path), before);
  });
});

Deno.test("openLedgerReader() reads a ledger of the first schema, and leaves its version as it is", () => {
  withLedgerPath((path) => {
    const ledger = openLedger(path);
    ledger.append("s", 1, [intent("A")]);
    ledger.close();
    const db = new DatabaseSync(path);
    db.exec("DROP TABLE lease; PRAGMA user_version = 1");
    db.close();
    const reader = openLedgerReader(path);
    strictEqual(reader.head()?.seq, 1);
    strictEqual([...reader.read()].length, 1);
    reader.close();
    const after = new DatabaseSync(path);
    strictEqual(after.prepare("PRAGMA user_version").get()?.["user_version"], 1);
    after.close();
  });
});

Deno.test("openLedger() says in one line that a text file is no ledger", () => {
  withLedgerPath((path) => {
    Deno.writeTextFileSync(path, "not a database, ".repeat(100));
    throws(() => openLedger(path), /Cannot open ledger .*: file is not a database/);
  });
});

Deno.test("read() gives only the entries of the session asked for", () => {
  withLedgerPath((path) => {
    const ledger = openLedger(path);
    ledger.append("one", 1, [intent("A")]);
    ledger.append("two", 2, [intent("B")]);
    deepStrictEqual([...ledger.read({ sessionId: "two" })].map(({ seq }) => seq), [2]);
    ledger.close();
  });
});

Deno.test("read() goes on over any number of pages, to what was the end when it began", () => {
  withLedgerPath((path) => {
    const ledger = openLedger(path);
    const paused = {
      kind: "entries-paused",
      actor: "a test",
      because: 'ünïcode, "quoted"',
    } as const;
    ledger.append("one", 1, Array.from({ length: 2_500 }, () => paused));
    let count = 0;
    for (const { seq, body } of ledger.read()) {
      count++;
      deepStrictEqual({ seq, body }, { seq: count, body: paused });
      if (count === 1) ledger.append("one", 2, [paused]);
    }
    strictEqual(count, 2_500);
    ledger.close();
  });
});

Deno.test("read() names the entry that is no JSON, after giving those before it", () => {
  withLedgerPath((path) => {
    const ledger = openLedger(path);
    ledger.append("one", 1, [intent("A"), intent("B"), intent("C")]);
    ledger.close();
    const db = new DatabaseSync(path);
    db.exec(`DROP TRIGGER entries_never_change; DROP INDEX one_entry_per_intent;
      UPDATE entries SET body = substr(body, 1, 20) WHERE seq = 2`);
    db.close();
    const reader = openLedgerReader(path);
    const seen: number[] = [];
    throws(() => {
      for (const { seq } of reader.read()) seen.push(seq);
    }, { name: "LedgerError", message: /Cannot read entry 2 of ledger/ });
    deepStrictEqual(seen, [1]);
    reader.close();
  });
});

Deno.test("decodeBody() reads an intent of before there were parents and algorithms", () => {
  const { parentOrderId: _, displaySize: __, algo: ___, ...old } = JSON.parse(
    encodeBody(intent("A")),
  );
  deepStrictEqual(decodeBody(JSON.stringify(old)), intent("A"));
});
