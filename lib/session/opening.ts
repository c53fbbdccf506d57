import { type Connection, DifferenceError } from "./connection.ts";
import { HaltedError } from "./ending.ts";
import type { Journal } from "./journal.ts";
import { nowhere } from "./frozen.ts";
import { snapshot } from "./reconcile.ts";

/**
 * Before a session trades: its ledger is brought up to what the broker knows, and compared.
 *
 * @throws {DifferenceError} when they differ and no person has accepted that
 */
export async function reconcileStart(
  connection: Connection,
  { journal, acceptDifferences }: {
    readonly journal: Journal;
    /** A person's reason to take over what the broker says; null without one. */
    readonly acceptDifferences: string | null;
  },
): Promise<void> {
  const { word, reconciled } = await connection.recover("start");
  // The first session ever has no books to compare: it takes the broker's word as its beginning.
  // Orders of ours are none of it: some ledger has them.
  const isFirst = journal.books.cash === null;
  const differences = reconciled.differences
    .filter(({ what }) => isFirst ? what === "order" : what !== "cash");
  journal.write({ ...reconciled, differences });
  // Nobody can accept these: they would go on working unseen, and sell what is closed without them.
  if (differences.some(({ what }) => what === "order")) {
    throw new DifferenceError(
      "TWS works orders of ours that this ledger does not have. Cancel them in TWS, " +
        "or start with the ledger they stand in",
    );
  }
  if (differences.length > 0 && acceptDifferences === null) {
    throw new DifferenceError(
      "The ledger and the broker differ before the session. Look at both; " +
        "to take over what the broker says: --accept-differences <reason>",
    );
  }
  if (differences.length > 0) {
    const text = `Differences accepted by a person: ${acceptDifferences}`;
    journal.incident({ code: "differences-accepted", text });
    // Complete lists have none of them, and a person answers for the rest.
    journal.write(...journal.intents.frozen().map(nowhere));
  }
  // From here on the broker's word is where the day begins; after a refusal it must not be.
  journal.write(snapshot(word, "start"));
}

/**
 * While halted only exits go out; without a position there is nothing to do all day.
 *
 * @throws {HaltedError}
 */
export function refuseWhenHalted({ standing: { halt }, books, intents }: Journal): void {
  if (halt === null || books.positions().length > 0) return;
  if (intents.open().length > 0) return;
  throw new HaltedError(halt.because);
}
