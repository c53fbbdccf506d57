import { SERVER_VERSION_DEFAULT } from "../../lib/wire/versions.ts";
import { type GatewayHistory, readHistory } from "./gateway_history.ts";
import { breaches, type Holdings } from "./invariants.ts";
import { type LedgerFile, readLedgerFile } from "./ledger_file.ts";
import { type HeldLimits, intentBreaches, limitBreaches } from "./limits_held.ts";
import { parentBreaches } from "./parents_held.ts";

export interface Evidence {
  readonly ledger: LedgerFile;
  readonly history: GatewayHistory;
}

export function readEvidence(files: {
  readonly ledger: string;
  /** The Gateway's, JSON lines. */
  readonly journal: string;
}): Evidence {
  return {
    ledger: readLedgerFile(files.ledger),
    history: readHistory(files.journal, SERVER_VERSION_DEFAULT),
  };
}

/** What two files and nothing else say about a day: every breach of I1–I6; empty when all hold. */
export function judge(
  { ledger, history }: Evidence,
  { starting, limits }: {
    readonly starting: Holdings;
    /** Absent: limits are not looked at. */
    readonly limits?: HeldLimits;
  },
): string[] {
  return [
    ...breaches(ledger, history, starting),
    ...intentBreaches(ledger, history),
    ...parentBreaches(ledger, history),
    ...limits === undefined ? [] : limitBreaches(history, limits),
  ];
}
