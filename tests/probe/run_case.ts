import assert from "node:assert/strict";
import type { ProbeReport } from "../../lib/probe/report.ts";
import type { PeerCase } from "./cases.ts";
import { GATEWAY_NOW_MS } from "./cases_simulator.ts";
import { find } from "./peers.ts";
import { run } from "./run.ts";

/** Long enough for a busy machine, short enough to try dozens of silent peers. */
const TIMEOUT_MS = 500;

/** A healthy peer ends the run itself. */
const READY_MS = 5_000;

/** Starts the peer, probes it, and ends it. */
export async function runCase(peerCase: PeerCase): Promise<ProbeReport> {
  await using scope = new AsyncDisposableStack();
  const startedMs = Date.now();
  const port = await peerCase.start(scope);
  return await run({
    port,
    timeoutMs: peerCase.timeoutMs ?? (peerCase.expect === "ready" ? READY_MS : TIMEOUT_MS),
  }, {
    gatewayTime: () => ({ now: () => GATEWAY_NOW_MS + Date.now() - startedMs, speed: 1 }),
  });
}

/** A test for each case: the right name comes first. Where a program is absent the test is left out, by name. */
export function testCases(cases: readonly PeerCase[]): void {
  for (const peerCase of cases) {
    const missing = peerCase.needs.filter((program) => find(program) === null);
    const without = missing.length === 0 ? "" : ` (needs ${missing.join(", ")})`;
    Deno.test({
      name: `${peerCase.name}: ${peerCase.expect}${without}`,
      ignore: missing.length > 0,
      fn: () => check(peerCase),
    });
  }
}

async function check(peerCase: PeerCase): Promise<void> {
  const report = await runCase(peerCase);
  const [first, ...others] = report.diagnoses;
  if (peerCase.expect === "ready") {
    assert.equal(report.verdict, "ready", JSON.stringify(report.diagnoses));
    return;
  }
  assert.equal(first?.code, peerCase.expect, JSON.stringify(report.diagnoses));
  if (peerCase.shows !== undefined) assert.match(first?.because.join("\n") ?? "", peerCase.shows);
  // No wrong certainty: where a second cause is nearly as likely, neither is called sure.
  if (others.some(({ confidence }) => confidence >= 0.3)) {
    assert.ok(first !== undefined && first.confidence < 0.6, JSON.stringify(report.diagnoses));
  }
}
