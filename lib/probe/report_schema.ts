import { z } from "zod";
import { CAUSE_CODES, CHECK_IDS, type ProbeReport } from "./report.ts";

/** The report as `--json` prints it, for whoever reads it from outside. Kept equal to the type by the compiler. */

const mode = z.enum(["paper", "live"]);
const ms = z.number().nonnegative();

const check = z.object({
  id: z.enum(CHECK_IDS),
  status: z.enum(["pass", "warn", "fail", "unknown", "not-run"]),
  ms: ms.nullable(),
  evidence: z.record(z.string(), z.json()),
  because: z.string().optional(),
});

const diagnosis = z.object({
  code: z.enum(CAUSE_CODES),
  confidence: z.number().min(0).max(1),
  because: z.array(z.string()),
  remedy: z.array(z.string()),
  wouldSeparate: z.string(),
  reference: z.string(),
});

export const probeReportSchema = z.object({
  schema: z.literal("robo-trader/probe@1"),
  verdict: z.enum(["ready", "degraded", "not-ready"]),
  exitCode: z.int(),
  target: z.object({
    host: z.string(),
    port: z.int(),
    clientId: z.int(),
    expectedMode: mode.nullable(),
  }).nullable(),
  elapsedMs: ms,
  session: z.object({
    serverVersion: z.int(),
    connectionTime: z.string(),
    accounts: z.array(z.string()),
    mode: z.enum(["paper", "live", "mixed"]).nullable(),
    nextOrderId: z.int().nullable(),
    clockSkewMs: z.number().nullable(),
  }).nullable(),
  checks: z.array(check),
  diagnoses: z.array(diagnosis),
  error: z.string().optional(),
});

/** Compiles only while every report satisfies the schema's type. */
export function toSchemaType(report: ProbeReport): z.input<typeof probeReportSchema> {
  return {
    ...report,
    session: report.session === null
      ? null
      : { ...report.session, accounts: [...report.session.accounts] },
    checks: report.checks.map(({ because, ...rest }) => ({
      ...rest,
      evidence: z.record(z.string(), z.json()).parse(rest.evidence),
      ...(because === undefined ? {} : { because }),
    })),
    diagnoses: report.diagnoses.map((found) => ({
      ...found,
      because: [...found.because],
      remedy: [...found.remedy],
    })),
  };
}
