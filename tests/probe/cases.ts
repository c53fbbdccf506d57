import type { CauseCode } from "../../lib/probe/report.ts";
import { FOREIGN_CASES } from "./cases_foreign.ts";
import { JAVA_CASES } from "./cases_java.ts";
import { RELAY_CASES } from "./cases_relay.ts";
import { SIMULATOR_CASES } from "./cases_simulator.ts";

/** A peer the probe is pointed at, and the cause it has to name first. */
export interface PeerCase {
  readonly name: string;
  /** Programs it takes; where one is absent the case is left out. */
  readonly needs: readonly string[];
  readonly expect: CauseCode | "ready";
  /** What the first diagnosis has to give as its reason. */
  readonly shows?: RegExp;
  readonly timeoutMs?: number;
  /** Starts the peer within the scope and resolves to its port. */
  readonly start: (scope: AsyncDisposableStack) => Promise<number>;
}

export const CASES: readonly PeerCase[] = [
  ...SIMULATOR_CASES,
  ...JAVA_CASES,
  ...RELAY_CASES,
  ...FOREIGN_CASES,
];
