import type { Clock } from "../clock.ts";
import type { Traffic } from "../traffic.ts";
import type { CalendarEvidence, LedgerEvidence } from "./evidence.ts";
import type { Look, Looker } from "./looker.ts";
import type { Holdings } from "./question_open_state.ts";
import type { CheckId } from "./report.ts";

/** What a probe run needs of the world. Everything but the clock and the looker may be left out. */
export interface ProbeDeps {
  readonly clock: Clock;
  readonly looker: Looker;
  /** Undefined: the check is `unknown`, not passed. */
  readonly calendar?: () => Look<CalendarEvidence>;
  readonly ledger?: LedgerLooker;
  readonly signal?: AbortSignal;
  /** Of a Gateway simulated in this process, under virtual time. */
  readonly traffic?: Traffic;
  /** What time it should be at the Gateway, where a simulated one keeps a time of its own; null is `clock`'s. */
  readonly gatewayTime?: () => GatewayTime | null;
  /** For a progress line; called a few times a run. */
  readonly onProgress?: (progress: Progress) => void;
}

export interface GatewayTime {
  /** Epoch ms. */
  now(): number;
  /** Simulated seconds a second: a fast clock is read less exactly. */
  readonly speed: number;
}

export interface LedgerLooker {
  look(): Promise<Look<LedgerEvidence>>;
  /** What the ledger says is held; null when it does not say. */
  holdings(): Holdings | null;
}

export interface Progress {
  readonly check: CheckId;
  readonly text: string;
  /** How long this may take; null when there is no limit to speak of. */
  readonly limitMs: number | null;
}
