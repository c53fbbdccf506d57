import type { z } from "zod";
import type { checkSchema, diagnosisSchema, probeReportSchema } from "./report_schema.ts";

/**
 * What a probe run says, as others rely on it. The schema is in `report_schema.ts`; here are its words and types
 * alone, so that a run pays for no schema library.
 */

/** The checks in dependency order. */
export const CHECK_IDS = [
  "observer",
  "process",
  "listener",
  "tcp",
  "service",
  "handshake",
  "startApi",
  "nextValidId",
  "accounts",
  "upstream",
  "clock",
  "marketData",
  "history",
  "readOnly",
  "openState",
  "calendar",
  "ledger",
] as const;
export type CheckId = (typeof CHECK_IDS)[number];

/** The causes a probe can name: a closed set, explained one by one in `causes.ts`. */
export const CAUSE_CODES = [
  "not-running",
  "at-login",
  "api-disabled",
  "starting-or-restarting",
  "wrong-port",
  "other-mode-port",
  "wrong-program",
  "other-namespace",
  "cannot-look",
  "listener-stuck",
  "firewall",
  "local-network-privacy",
  "no-route",
  "not-the-api",
  "relay-backend-dead",
  "closed-at-once",
  "closed-later",
  "accept-dialog",
  "modal-dialog",
  "silent",
  "slow-answer",
  "server-too-old",
  "client-id-in-use",
  "paper-disclaimer",
  "start-api-unanswered",
  "no-accounts",
  "no-valid-id",
  "upstream-lost",
  "too-many-clients",
  "mode-mismatch",
  "read-only",
  "sync-incomplete",
  "farm-down",
  "market-data-not-subscribed",
  "market-data-delayed",
  "competing-session",
  "pacing",
  "not-reaped",
  "clock-skew",
  "client-side",
] as const;
export type CauseCode = (typeof CAUSE_CODES)[number];

export type Check = z.infer<typeof checkSchema>;
export type CheckStatus = Check["status"];
export type Diagnosis = z.infer<typeof diagnosisSchema>;
export type ProbeReport = z.infer<typeof probeReportSchema>;
export type Verdict = ProbeReport["verdict"];
export type Mode = "paper" | "live";
/** What a check's evidence is made of. */
export type Json = z.infer<ReturnType<typeof z.json>>;

export const EXIT = { ready: 0, notReady: 1, usage: 2, degraded: 3, interrupted: 130 } as const;

/** Diagnoses a report carries at most: a fourth cause helps nobody. */
export const DIAGNOSES_MAX = 3;
