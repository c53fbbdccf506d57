import { accounts, handshake, nextValidId, service, startApi, tcp } from "./checks_connection.ts";
import { listener, observer, process } from "./checks_machine.ts";
import {
  calendar,
  clock,
  history,
  ledger,
  marketData,
  openState,
  readOnly,
  upstream,
} from "./checks_session.ts";
import type { Evidence } from "./evidence.ts";
import { blockedBy } from "./options.ts";
import { type Check, CHECK_IDS, type CheckId, type CheckStatus, type Json } from "./report.ts";

/** What one check makes of the evidence. Null: it was not looked at, for a reason its needs explain. */
export interface Finding {
  readonly status: Exclude<CheckStatus, "not-run">;
  readonly evidence: { readonly [key: string]: Json };
  readonly because?: string;
}

type Judge = (evidence: Evidence) => Finding | null;

const JUDGES: Readonly<Record<CheckId, Judge>> = {
  observer,
  process,
  listener,
  tcp,
  service,
  handshake,
  startApi,
  nextValidId,
  accounts,
  upstream,
  clock,
  marketData,
  history,
  readOnly,
  openState,
  calendar,
  ledger,
};

/** The checks of a run, in dependency order. Pure. A failed check marks its dependants `not-run`, never `fail`. */
export function checksOf(evidence: Evidence): Check[] {
  const failed = new Set<CheckId>();
  return CHECK_IDS.map((id): Check => {
    const notRun = (because: string): Check => ({
      id,
      status: "not-run",
      ms: null,
      evidence: {},
      because,
    });
    if (!evidence.wanted.has(id)) return notRun("not asked for");
    const blocker = blockedBy(id, failed);
    if (blocker !== null) return notRun(blocker);
    const finding = JUDGES[id](evidence);
    if (finding === null) return notRun("not looked at");
    if (finding.status === "fail") failed.add(id);
    return { id, ms: evidence.timings.get(id) ?? null, ...finding };
  });
}
