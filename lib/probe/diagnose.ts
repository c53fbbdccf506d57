import { mainConnection, SERVER_VERSION_FLOOR } from "./checks_connection.ts";
import type { Evidence } from "./evidence.ts";
import { DIAGNOSES_MAX, type Diagnosis } from "./report.ts";
import { notConnected } from "./rules_connect.ts";
import { notGreeted } from "./rules_greeting.ts";
import { nobodyListens } from "./rules_listener.ts";
import { ready } from "./rules_ready.ts";
import { notStarted } from "./rules_start.ts";

/** What the evidence says, best first. Pure: the same evidence always gives the same diagnoses. */
export function diagnose(evidence: Evidence): Diagnosis[] {
  const ranked = suspects(evidence).toSorted((a, b) => b.confidence - a.confidence);
  const codes = ranked.map(({ code }) => code);
  return ranked.filter(({ code }, index) => codes.indexOf(code) === index).slice(0, DIAGNOSES_MAX);
}

/** By the first stage that failed: what lies behind it was never reached. */
function suspects(evidence: Evidence): Diagnosis[] {
  const { listener, session } = evidence;
  const connection = mainConnection(evidence);
  if (connection === null) {
    const nobody = listener?.seen === true && listener.value.authoritative &&
      listener.value.onPort.length === 0;
    return nobody ? nobodyListens(evidence, listener.value) : [];
  }
  if (connection.outcome !== "connected") return notConnected(evidence, connection);
  const { greeting } = connection;
  if (greeting === null || greeting.serverVersion < SERVER_VERSION_FLOOR) {
    return notGreeted(evidence, connection);
  }
  if (session === null) return [];
  if (connection.started !== true) return notStarted(evidence, { connection, session });
  return ready({ evidence, connection, session });
}
