import { checksOf } from "./checks.ts";
import { mainConnection } from "./checks_connection.ts";
import type { ProbeDeps } from "./deps.ts";
import { diagnose } from "./diagnose.ts";
import type { Evidence } from "./evidence.ts";
import { gather } from "./gather.ts";
import { maskJson, maskText } from "./mask.ts";
import type { ProbeOptions } from "./options.ts";
import { type Check, type Diagnosis, EXIT, type ProbeReport, type Verdict } from "./report.ts";

/**
 * Names the cause why a client cannot talk to TWS or IB Gateway, from evidence, and does no harm: at most three
 * connections, each with a whole greeting; none when nobody listens; no orders.
 *
 * @throws {ProbeUsageError} when the host is unknown or the permissions do not include it
 */
export async function probe(options: ProbeOptions, deps: ProbeDeps): Promise<ProbeReport> {
  const startedMs = deps.clock.now();
  const evidence = await gather(options, deps);
  return conclude(evidence, {
    elapsedMs: deps.clock.now() - startedMs,
    strict: options.strict ?? false,
  });
}

/** The report on what was gathered. Pure. */
export function conclude(
  evidence: Evidence,
  { elapsedMs, strict }: { readonly elapsedMs: number; readonly strict: boolean },
): ProbeReport {
  const checks = checksOf(evidence).map(presentable);
  const diagnoses = diagnose(evidence).map((found) => ({
    ...found,
    because: found.because.map(maskText),
    remedy: found.remedy.map(maskText),
  }));
  const verdict = verdictOf(checks, diagnoses);
  const { host, port, clientId, expectedMode } = evidence.target;
  return {
    schema: "robo-trader/probe@1",
    verdict,
    exitCode: exitCodeOf(verdict, strict),
    target: { host, port, clientId, expectedMode },
    elapsedMs,
    session: sessionOf(evidence),
    checks,
    diagnoses,
  };
}

export function exitCodeOf(verdict: Verdict, strict: boolean): number {
  if (verdict === "not-ready") return EXIT.notReady;
  return verdict === "degraded" && strict ? EXIT.degraded : EXIT.ready;
}

function presentable(check: Check): Check {
  const evidence = Object.fromEntries(
    Object.entries(check.evidence).map(([key, value]) => [key, maskJson(value)]),
  );
  return { ...check, evidence };
}

function verdictOf(checks: readonly Check[], diagnoses: readonly Diagnosis[]): Verdict {
  if (checks.some(({ status }) => status === "fail")) return "not-ready";
  // Every check may have passed before the connection was cut; it was cut all the same.
  if (diagnoses.some(({ code }) => code === "closed-later")) return "not-ready";
  return diagnoses.length > 0 || checks.some(({ status }) => status === "warn")
    ? "degraded"
    : "ready";
}

function sessionOf(evidence: Evidence): ProbeReport["session"] {
  const greeting = mainConnection(evidence)?.greeting ?? null;
  if (greeting === null) return null;
  const { session } = evidence;
  return {
    serverVersion: greeting.serverVersion,
    connectionTime: maskText(greeting.connectionTime),
    accounts: session?.accounts ?? [],
    mode: session?.mode ?? null,
    nextOrderId: session?.nextValidId?.value ?? null,
    clockSkewMs: session?.clock?.skewMs ?? null,
  };
}
