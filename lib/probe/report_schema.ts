import { z } from "zod";
import { CAUSE_CODES, CHECK_IDS } from "./report.ts";

/**
 * The report as `--json` prints it, for scripts, the session's preflight and whoever reads it from outside. The
 * types in `report.ts` are inferred from here, so that the two cannot drift apart.
 */

const mode = z.enum(["paper", "live"]);
const ms = z.number().nonnegative();
const texts = z.array(z.string()).readonly();

export const checkSchema = z.object({
  id: z.enum(CHECK_IDS),
  /** `unknown` could not be looked at; `not-run` waits on a check that failed, or was not asked for. */
  status: z.enum(["pass", "warn", "fail", "unknown", "not-run"]),
  /** How long it took; null where it took no time of its own. */
  ms: ms.nullable(),
  evidence: z.record(z.string(), z.json()),
  /** For `not-run`: the check it waits on, or why it was left out. For `unknown`: why. */
  because: z.string().optional(),
}).readonly();

export const diagnosisSchema = z.object({
  code: z.enum(CAUSE_CODES),
  /** 0 … 1: how sure the evidence makes us. Two causes it cannot tell apart both stay below 0.6. */
  confidence: z.number().min(0).max(1),
  /** The observations that speak for it. */
  because: texts,
  /** What to do, in order. */
  remedy: texts,
  /** The cheapest experiment that would confirm it or rule it out. */
  wouldSeparate: z.string(),
  /** Rows of the table of causes. */
  reference: z.string(),
}).readonly();

export const sessionSchema = z.object({
  serverVersion: z.int(),
  /** As sent: `20260402 09:30:00 EST`. */
  connectionTime: z.string(),
  /** Masked: `DU•••567`. */
  accounts: texts,
  mode: z.enum(["paper", "live", "mixed"]).nullable(),
  nextOrderId: z.int().nullable(),
  /** Gateway's clock minus ours; null when it was not asked or did not answer. */
  clockSkewMs: z.number().nullable(),
}).readonly();

export const probeReportSchema = z.object({
  schema: z.literal("robo-trader/probe@1"),
  verdict: z.enum(["ready", "degraded", "not-ready"]),
  /** 0 ready, 1 not ready, 2 wrong usage, 3 degraded and strict, 130 interrupted. */
  exitCode: z.int(),
  /** Null only when there was no run: wrong options, or interrupted. */
  target: z.object({
    host: z.string(),
    port: z.int(),
    clientId: z.int(),
    /** By configuration or, without one, by the standard ports; null when neither says. */
    expectedMode: mode.nullable(),
  }).readonly().nullable(),
  elapsedMs: ms,
  session: sessionSchema.nullable(),
  checks: z.array(checkSchema).readonly(),
  /** Best first, three at most; empty when ready. */
  diagnoses: z.array(diagnosisSchema).readonly(),
  /** With --via-library: whether the session's own client got through as well. */
  library: z.object({ ready: z.boolean(), ms, error: z.string().nullable() }).readonly().optional(),
  /** Why there was no run. */
  error: z.string().optional(),
}).readonly();
