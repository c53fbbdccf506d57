import { SERVER_VERSION_DEFAULT } from "../../lib/wire/versions.ts";
import { readHistory } from "./gateway_history.ts";
import { breaches, type Holdings } from "./invariants.ts";
import { readLedgerFile } from "./ledger_file.ts";
import { type HeldLimits, intentBreaches, limitBreaches } from "./limits_held.ts";
import { parentBreaches } from "./parents_held.ts";

/** What two files and nothing else say about a day: every breach of I1–I6; empty when all hold. */
export function judge(
  { ledger: ledgerPath, journal }: {
    readonly ledger: string;
    /** The Gateway's, JSON lines. */
    readonly journal: string;
  },
  { starting, limits }: {
    readonly starting: Holdings;
    /** Absent: limits are not looked at. */
    readonly limits?: HeldLimits;
  },
): string[] {
  const ledger = readLedgerFile(ledgerPath);
  const history = readHistory(journal, SERVER_VERSION_DEFAULT);
  return [
    ...breaches(ledger, history, starting),
    ...intentBreaches(ledger, history),
    ...parentBreaches(ledger, history),
    ...limits === undefined ? [] : limitBreaches(history, limits),
  ];
}
