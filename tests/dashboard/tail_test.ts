import { deepStrictEqual, strictEqual } from "node:assert/strict";
import { join } from "node:path";
import { Tail } from "../../lib/dashboard/tail.ts";
import { openLedger, openLedgerReader } from "../../lib/ledger/sqlite.ts";
import type { Entry } from "../../lib/ledger/entry.ts";
import { at, incident, sample, tradingDay } from "./entries.ts";

interface Files {
  readonly path: string;
  readonly tail: Tail;
  /** A ledger with these entries, under the name the tail follows. */
  write(entries: readonly Entry[]): void;
}

function withTail(test: (files: Files) => void): void {
  const folder = Deno.makeTempDirSync();
  const path = join(folder, "ledger.sqlite");
  const identity = (): string | null => {
    try {
      return String(Deno.statSync(path).ino);
    } catch (error) {
      if (error instanceof Deno.errors.NotFound) return null;
      throw error;
    }
  };
  const tail = new Tail({ open: () => openLedgerReader(path), identity }, 0);
  try {
    test({
      path,
      tail,
      write: (entries) => {
        const ledger = openLedger(path);
        for (const { sessionId, at, body } of entries) ledger.append(sessionId, at, [body]);
        ledger.close();
      },
    });
  } finally {
    tail.close();
    Deno.removeSync(folder, { recursive: true });
  }
}

const DAY = tradingDay().entries;

Deno.test("a ledger that is not there yet is missing, and followed from the second it appears", () => {
  withTail(({ tail, write }) => {
    tail.poll(1_000);
    strictEqual(tail.panel.state, "missing");
    write(DAY);
    tail.poll(1_500);
    strictEqual(tail.panel.state, "missing");
    tail.poll(2_000);
    deepStrictEqual([tail.panel.state, tail.panel.since, tail.panel.seq], [
      "following",
      2_000,
      DAY.length,
    ]);
  });
});

Deno.test("what was there at the start was not seen happening; what comes after was", () => {
  withTail(({ tail, write }) => {
    write(DAY);
    tail.poll(1_000);
    strictEqual(tail.state.day.sampledAt?.seenAt, null);
    write([{ seq: 0, hash: "", sessionId: "2026-11-20-1", at: at(4), body: sample("10001") }]);
    tail.poll(1_200);
    deepStrictEqual(tail.state.day.sampledAt, { at: at(4), seenAt: 1_200 });
  });
});

Deno.test("a long ledger is read in pieces, and says how far it is", () => {
  withTail(({ tail, path }) => {
    const ledger = openLedger(path);
    ledger.append("2026-11-20-1", at(0), Array.from({ length: 2_500 }, () => incident("again")));
    ledger.close();
    strictEqual(tail.poll(1_000), true);
    deepStrictEqual([tail.panel.state, tail.panel.because], ["reading", "entry 1000 of 2500"]);
    strictEqual(tail.poll(1_010), true);
    strictEqual(tail.poll(1_020), false);
    deepStrictEqual([tail.panel.state, tail.panel.seq], ["following", 2_500]);
    strictEqual(tail.state.notices.incidents.length, 100);
  });
});

Deno.test("a ledger that cannot be read keeps its last state on show, and is taken up when it can again", () => {
  withTail(({ tail, write, path }) => {
    write(DAY);
    tail.poll(1_000);
    Deno.removeSync(path);
    Deno.writeTextFileSync(path, "not a ledger at all, and long enough to be no empty database");
    tail.poll(2_000);
    strictEqual(tail.panel.state, "unreadable");
    strictEqual(tail.panel.since, 2_000);
    Deno.removeSync(path);
    write(DAY);
    tail.poll(3_000);
    deepStrictEqual([tail.panel.state, tail.panel.seq], ["following", DAY.length]);
  });
});

Deno.test("a ledger whose file went away keeps its last state on show", () => {
  withTail(({ tail, write, path }) => {
    write(DAY);
    tail.poll(1_000);
    for (const suffix of ["", "-wal", "-shm"]) Deno.removeSync(path + suffix);
    tail.poll(2_000);
    deepStrictEqual([tail.panel.state, tail.panel.seq], ["missing", DAY.length]);
    strictEqual(tail.state.session?.sessionId, "2026-11-20-1");
  });
});

Deno.test("another ledger under the same name is folded from its beginning", () => {
  withTail(({ tail, write, path }) => {
    write(DAY);
    tail.poll(1_000);
    Deno.renameSync(path, `${path}.old`);
    write(DAY.slice(0, 3));
    tail.poll(2_000);
    deepStrictEqual([tail.panel.state, tail.panel.seq], ["following", 3]);
    strictEqual(tail.state.day.sampledAt, null);
  });
});
