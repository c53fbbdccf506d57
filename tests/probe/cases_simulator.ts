import { WallClock } from "../../lib/clock.ts";
import { parseFault } from "../../lib/simulator/faults.ts";
import { startGateway } from "../../lib/simulator/gateway.ts";
import type { CauseCode } from "../../lib/probe/report.ts";
import type { PeerCase } from "./cases.ts";

/** A Friday of trading, some minutes after the open. */
const DATE = "2026-11-20";
export const GATEWAY_NOW_MS = Date.parse("2026-11-20T14:35:00Z");

/** A simulated Gateway in this process; resolves to its port. */
export async function simulated(scope: AsyncDisposableStack, ...faults: string[]): Promise<number> {
  const gateway = await startGateway({
    clock: new WallClock({ originMs: GATEWAY_NOW_MS }),
    port: 0,
    seed: 1,
    date: DATE,
    faults: faults.map(parseFault),
  });
  scope.defer(() => gateway.close());
  return gateway.port;
}

/** Where an answer ends the run, waiting longer costs nothing, and a busy machine has its time. */
const PATIENT_MS = 5_000;
/** Faults whose verdict comes with the time limit. */
const WAITED_OUT = /^(never|silent|start-unanswered|no-|upstream-lost|missing-end|history-silent)/;

/** fault → the cause it has to be called */
const FAULTS: readonly (readonly [string, CauseCode])[] = [
  ["never-accept", "listener-stuck"],
  ["never-read", "listener-stuck"],
  ["silent", "modal-dialog"],
  ["close-at-once", "closed-at-once"],
  ["close-later", "closed-later"],
  ["close-after-start", "start-api-unanswered"],
  ["old-server", "server-too-old"],
  ["client-id-in-use", "client-id-in-use"],
  ["client-id-in-use=message:0", "client-id-in-use"],
  ["paper-disclaimer", "paper-disclaimer"],
  ["start-unanswered", "start-api-unanswered"],
  ["no-accounts", "no-accounts"],
  ["no-accounts=empty:1", "no-accounts"],
  ["no-valid-id", "no-valid-id"],
  ["upstream-lost", "upstream-lost"],
  ["read-only", "read-only"],
  ["competing-session", "competing-session"],
  ["not-subscribed", "market-data-not-subscribed"],
  ["missing-end=of:positions", "sync-incomplete"],
  ["missing-end=of:open-orders", "sync-incomplete"],
  ["missing-end=of:completed-orders", "sync-incomplete"],
  ["missing-end=of:executions", "sync-incomplete"],
  ["missing-end=of:summary", "sync-incomplete"],
  ["missing-end=of:history", "farm-down"],
  ["pacing", "pacing"],
  ["history-silent", "farm-down"],
  ["half-frame=of:nextValidId", "closed-later"],
  ["cut-at-byte=bytes:10", "closed-at-once"],
  ["cut-at-byte=bytes:60", "closed-later"],
];

export const SIMULATOR_CASES: readonly PeerCase[] = [
  {
    name: "simulated Gateway, healthy",
    needs: [],
    expect: "ready",
    start: (scope) => simulated(scope),
  },
  {
    name: "simulated Gateway, upstream-lost and restored",
    needs: [],
    expect: "ready",
    start: (scope) => simulated(scope, "upstream-lost=ms:50"),
  },
  ...FAULTS.map(([fault, expect]): PeerCase => ({
    name: `simulated Gateway, ${fault}`,
    needs: [],
    expect,
    timeoutMs: WAITED_OUT.test(fault) ? 400 : PATIENT_MS,
    start: (scope) => simulated(scope, fault),
  })),
];
