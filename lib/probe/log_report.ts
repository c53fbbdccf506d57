import type { LogFindings } from "./log_diagnosis.ts";
import { maskText } from "./mask.ts";
import { modeOfPort } from "./ports.ts";
import { exitCodeOf } from "./probe.ts";
import type { ProbeReport, Verdict } from "./report.ts";

/** A log's findings as a report: the same words, no checks, because nothing was checked. Pure. */
export function logReport({ target, ready, diagnoses }: LogFindings): ProbeReport {
  const verdict: Verdict = !ready ? "not-ready" : diagnoses.length > 0 ? "degraded" : "ready";
  return {
    schema: "robo-trader/probe@1",
    verdict,
    exitCode: exitCodeOf(verdict, false),
    target: target === null ? null : {
      host: target.host,
      port: target.port,
      clientId: target.clientId ?? 0,
      expectedMode: modeOfPort(target.port),
    },
    elapsedMs: 0,
    session: null,
    checks: [],
    diagnoses: diagnoses.map((found) => ({ ...found, because: found.because.map(maskText) })),
  };
}
