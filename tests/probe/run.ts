import { WallClock } from "../../lib/clock.ts";
import type { ProbeDeps } from "../../lib/probe/deps.ts";
import { machineLooker } from "../../lib/probe/machine.ts";
import { DEFAULTS, type ProbeOptions, randomClientId } from "../../lib/probe/options.ts";
import { probe } from "../../lib/probe/probe.ts";
import type { CheckId, CheckStatus, ProbeReport } from "../../lib/probe/report.ts";

/**
 * A run against a loopback port, with the machine's real socket table. The time limit is for peers that answer;
 * tests of silence give a shorter one.
 */
export function run(
  options: Partial<ProbeOptions> & { readonly port: number },
  deps: Partial<ProbeDeps> = {},
): Promise<ProbeReport> {
  return probe({
    ...DEFAULTS,
    timeoutMs: 5_000,
    clientId: randomClientId(),
    ordersWanted: true,
    whatIf: false,
    ...options,
  }, { clock: new WallClock(), looker: machineLooker(), ...deps });
}

export function statusOf(report: ProbeReport, id: CheckId): CheckStatus | undefined {
  return report.checks.find((check) => check.id === id)?.status;
}

export function codesOf(report: ProbeReport): string[] {
  return report.diagnoses.map(({ code }) => code);
}
