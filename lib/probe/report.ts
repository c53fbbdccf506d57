/**
 * What a probe run says, as others rely on it: scripts read it as JSON, the session's preflight as an object.
 * Plain types; `report_schema.ts` holds the same as a schema for whoever reads it from outside.
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

/** `unknown` could not be looked at; `not-run` waits on a check that failed, or was not asked for. */
export type CheckStatus = "pass" | "warn" | "fail" | "unknown" | "not-run";

export type Json =
  | string
  | number
  | boolean
  | null
  | readonly Json[]
  | { readonly [key: string]: Json };

export interface Check {
  readonly id: CheckId;
  readonly status: CheckStatus;
  /** How long it took; null where it took no time of its own. */
  readonly ms: number | null;
  readonly evidence: { readonly [key: string]: Json };
  /** For `not-run`: the check it waits on, or why it was left out. For `unknown`: why. */
  readonly because?: string;
}

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

export interface Diagnosis {
  readonly code: CauseCode;
  /** 0 … 1: how sure the evidence makes us. Two causes it cannot tell apart both stay below 0.6. */
  readonly confidence: number;
  /** The observations that speak for it. */
  readonly because: readonly string[];
  /** What to do, in order. */
  readonly remedy: readonly string[];
  /** The cheapest experiment that would confirm it or rule it out. */
  readonly wouldSeparate: string;
  /** Rows of the table of causes. */
  readonly reference: string;
}

export type Mode = "paper" | "live";
export type Verdict = "ready" | "degraded" | "not-ready";

export interface ReportTarget {
  readonly host: string;
  readonly port: number;
  readonly clientId: number;
  /** By configuration or, without one, by the standard ports; null when neither says. */
  readonly expectedMode: Mode | null;
}

export interface ReportSession {
  readonly serverVersion: number;
  /** As sent: `20260402 09:30:00 EST`. */
  readonly connectionTime: string;
  /** Masked: `DU•••567`. */
  readonly accounts: readonly string[];
  readonly mode: Mode | "mixed" | null;
  readonly nextOrderId: number | null;
  /** Gateway's clock minus ours; null when it was not asked or did not answer. */
  readonly clockSkewMs: number | null;
}

export interface ProbeReport {
  readonly schema: "robo-trader/probe@1";
  readonly verdict: Verdict;
  /** 0 ready, 1 not ready, 2 wrong usage, 3 degraded and strict, 130 interrupted. */
  readonly exitCode: number;
  /** Null only when the options were wrong (exit code 2). */
  readonly target: ReportTarget | null;
  readonly elapsedMs: number;
  readonly session: ReportSession | null;
  readonly checks: readonly Check[];
  /** Best first, three at most; empty when ready. */
  readonly diagnoses: readonly Diagnosis[];
  /** What was wrong with the options. */
  readonly error?: string;
}

export const EXIT = { ready: 0, notReady: 1, usage: 2, degraded: 3, interrupted: 130 } as const;

/** Diagnoses a report carries at most: a fourth cause helps nobody. */
export const DIAGNOSES_MAX = 3;
