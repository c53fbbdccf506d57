import { createHash } from "node:crypto";

/** Before the first entry there is nothing to hash. */
export const GENESIS_HASH = "0".repeat(64);

/** An entry as it is stored, but for its hash. */
export interface Link {
  readonly seq: number;
  readonly at: number;
  readonly sessionId: string;
  readonly kind: string;
  /** Canonical text of the body. */
  readonly body: string;
}

/** The hash of an entry that stands on `previous`. */
export function chainHash(previous: string, { seq, at, sessionId, kind, body }: Link): string {
  return createHash("sha256")
    .update(`${previous}\n${seq}\n${at}\n${sessionId}\n${kind}\n${body}`)
    .digest("hex");
}
