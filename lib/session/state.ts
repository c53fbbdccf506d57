import type { SessionState } from "../ledger/entry.ts";

/** What may leave for the broker in a state. Everything not listed as true is refused. */
export interface Permissions {
  readonly entries: boolean;
  /** Reduce-only orders, and protective ones. */
  readonly exits: boolean;
  readonly cancels: boolean;
}

const NOTHING: Permissions = { entries: false, exits: false, cancels: false };
const REDUCE_ONLY: Permissions = { entries: false, exits: true, cancels: true };

export const MAY: Readonly<Record<SessionState, Permissions>> = {
  "preflight": NOTHING,
  "connecting": NOTHING,
  "reconciling": NOTHING,
  "warming-up": NOTHING,
  "waiting-for-open": NOTHING,
  "trading": { entries: true, exits: true, cancels: true },
  "winding-down": REDUCE_ONLY,
  "flattening": REDUCE_ONLY,
  "settling": { ...NOTHING, cancels: true },
  "closed": NOTHING,
  "failed": NOTHING,
};
