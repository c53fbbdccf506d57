import { deepStrictEqual, ok } from "node:assert/strict";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { fromNumber } from "../../lib/money.ts";
import { judge, readEvidence } from "./judge.ts";
import { planOf } from "./plans.ts";
import { CASH, LIMITS, runSeed } from "./run_seed.ts";

/** A judge that finds nothing is worth nothing: one true day, and its files forged in every way that must show. */

const STARTING = { cash: CASH, positions: new Map<string, bigint>() };
const NEVER = Number.MAX_SAFE_INTEGER;

interface Forgery {
  readonly situation: string;
  /** Statements run on a copy of the ledger whose triggers are gone. */
  readonly ledger?: string;
  readonly journal?: (text: string) => string;
  /** Beginnings of breaches, each of which must be among those found. */
  readonly found: readonly string[];
}

const LAST_ORDER = /("kind":"order"[^\n]*"status":")[A-Za-z]+("[^\n]*\n)(?![\s\S]*"kind":"order")/;

const FORGERIES: readonly Forgery[] = [
  {
    situation: "a fill the ledger does not have",
    ledger:
      "DELETE FROM entries WHERE seq = (SELECT max(seq) FROM entries WHERE kind = 'execution')",
    found: ["I2: ledger cash", "I4: fill", "I5: the chain breaks"],
  },
  {
    situation: "a fill that never was",
    ledger: `UPDATE entries SET body = json_set(body, '$.execId', 'x.1.01.01')
      WHERE seq = (SELECT max(seq) FROM entries WHERE kind = 'execution')`,
    found: ["I4: fill x.1.01.01 is invented", "I4: fill", "I5: the chain breaks"],
  },
  {
    situation: "a cent more in a fill",
    ledger: `UPDATE entries SET body = json_set(body, '$.price', '999.01')
      WHERE seq = (SELECT max(seq) FROM entries WHERE kind = 'execution')`,
    found: ["I2: ledger cash", "I5: the chain breaks"],
  },
  {
    situation: "an order without an intent",
    ledger: "DELETE FROM entries WHERE seq = (SELECT min(seq) FROM entries WHERE kind = 'intent')",
    found: ["I3: RT-", "I5: the chain breaks"],
  },
  {
    situation: "an intent nobody knows the end of",
    ledger: `INSERT INTO entries SELECT max(seq) + 1, max(at), session_id, 'intent',
      json_object('intentId', 'i', 'orderRef', 'RT-i', 'symbol', 'SOFI', 'role', 'entry', 'quantity', '1'), ''
      FROM entries`,
    found: ["I6: RT-i (entry) has no end"],
  },
  {
    situation: "an algorithm without an end",
    ledger:
      "DELETE FROM entries WHERE seq = (SELECT max(seq) FROM entries WHERE kind = 'parent-ended')",
    found: ["I6: parent", "I5: the chain breaks"],
  },
  {
    situation: "a second order at the broker for one intent",
    journal: (text) => text.replace(/("kind":"order"[^\n]*"permId":)\d+/, "$11"),
    found: ["I1: RT-"],
  },
  {
    situation: "an order that still works when the day is over",
    journal: (text) => text.replace(LAST_ORDER, "$1Submitted$2"),
    found: ["I6: RT-"],
  },
  {
    situation: "a share sold that nobody had",
    journal: (text) => text.replace(/("kind":"execution"[^\n]*"position":")[\d.]+"/, '$1-1"'),
    found: ["I3: at"],
  },
];

Deno.test("judge() finds a true day right, and each forgery of its files", async (t) => {
  const day = await runSeed(900, {
    plan: { ...planOf(900, "between-slices"), kills: [], style: "TWAP" },
    keep: true,
  });
  deepStrictEqual(day.breaches, []);
  const truth = join(day.folder, "ledger.sqlite");
  const journal = join(day.folder, "gateway.jsonl");
  const limits = { ...LIMITS, entriesUntil: NEVER };
  try {
    for (const forgery of FORGERIES) {
      await t.step(forgery.situation, () => {
        const forged = {
          ledger: join(day.folder, "forged.sqlite"),
          journal: join(day.folder, "forged.jsonl"),
        };
        Deno.copyFileSync(truth, forged.ledger);
        using db = new DatabaseSync(forged.ledger);
        db.exec("DROP TRIGGER entries_never_change; DROP TRIGGER entries_never_go;");
        db.exec(forgery.ledger ?? "");
        const text = Deno.readTextFileSync(journal);
        Deno.writeTextFileSync(forged.journal, forgery.journal?.(text) ?? text);
        const breaches = judge(readEvidence(forged), { starting: STARTING, limits });
        for (const start of forgery.found) {
          ok(breaches.some((breach) => breach.startsWith(start)), `${start}: ${breaches}`);
        }
      });
    }
    for (const [name, limit] of Object.entries(LIMITS)) {
      await t.step(`a limit that was exceeded: ${name}`, () => {
        const lower = typeof limit === "bigint" ? fromNumber(10) : 0;
        const tight = { ...limits, [name]: lower };
        const breaches = judge(readEvidence({ ledger: truth, journal }), {
          starting: STARTING,
          limits: tight,
        });
        ok(breaches.some((breach) => breach.startsWith("I3: at")));
      });
    }
    await t.step("an entry after entries have ended", () => {
      const late = { ...limits, entriesUntil: 0 };
      const breaches = judge(readEvidence({ ledger: truth, journal }), {
        starting: STARTING,
        limits: late,
      });
      ok(breaches.some((breach) => breach.endsWith("enters too late")));
    });
  } finally {
    Deno.removeSync(day.folder, { recursive: true });
  }
});
