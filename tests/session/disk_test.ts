import { ok, rejects, strictEqual } from "node:assert/strict";
import type { Entry, EntryBody } from "../../lib/ledger/entry.ts";
import { type Ledger, LedgerError } from "../../lib/ledger/ledger.ts";
import { MemoryLedger } from "../../lib/ledger/memory.ts";
import { MemoryAccount } from "./memory_broker.ts";
import { at, HILL, run } from "./run.ts";

/** A disk that refuses: full, read-only, or broken at the moment of making durable. */

/** Refuses a kind of entry, before anything of its batch is kept. */
class FragileLedger extends MemoryLedger {
  refuses: EntryBody["kind"] | null = null;

  override append(
    sessionId: string,
    atMs: number,
    bodies: readonly EntryBody[],
  ): readonly Entry[] {
    if (bodies.some(({ kind }) => kind === this.refuses)) {
      throw new LedgerError("Cannot write to ledger: database or disk is full");
    }
    return super.append(sessionId, atMs, bodies);
  }
}

/** Every order the broker has, by reference, and every intent the ledger has. */
function orphans(account: MemoryAccount, ledger: Ledger): string[] {
  const known = new Set(
    [...ledger.read()].flatMap(({ body }) => body.kind === "intent" ? [body.orderRef] : []),
  );
  return [...account.orders.values()].map(({ order }) => order.orderRef)
    .filter((ref) => !known.has(ref));
}

const KINDS = ["intent", "order-sent", "execution", "order-event", "commission", "equity"] as const;

for (const kind of KINDS) {
  Deno.test(`the disk refuses at the first ${kind}: the session ends by name, no order is without its intent, and the next one ends the day right`, async () => {
    const ledger = new FragileLedger();
    ledger.refuses = kind;
    const account = new MemoryAccount();
    await rejects(
      run({ ledger, account, path: HILL }),
      (error) => error instanceof LedgerError,
    );
    ok(orphans(account, ledger).length === 0);
    if (kind === "intent") strictEqual(account.orders.size, 0);
    const refs = [...account.orders.values()].map(({ order }) => order.orderRef);
    strictEqual(new Set(refs).size, refs.length, "I1");
    ledger.refuses = null;
    const { outcome, entries } = await run({ ledger, account, path: HILL, startMinute: 25 });
    strictEqual(outcome.outcome, "done", outcome.because);
    strictEqual(account.shares.size, 0);
    ok(entries.some(({ body, at: when }) => body.kind === "reconciled" && when >= at(390)));
  });
}
