import { statfs } from "node:fs/promises";
import { dirname } from "node:path";
import type { Calendar, Session as ExchangeDay } from "../lib/calendar/calendar.ts";
import { type Clock, sleep, WallClock } from "../lib/clock.ts";
import type { Config } from "../lib/config.ts";
import type { EntryBody } from "../lib/ledger/entry.ts";
import { type Ledger, LedgerError } from "../lib/ledger/ledger.ts";
import { machineLooker } from "../lib/probe/machine.ts";
import { randomClientId } from "../lib/probe/options.ts";
import { probe } from "../lib/probe/probe.ts";
import type { ProbeReport } from "../lib/probe/report.ts";
import { LedgerFindings, refusalOf, surroundingsWords } from "../lib/session/preflight.ts";
import { complain, note } from "../lib/terminal.ts";

/** Before a session connects: is everything there that it stands on? What was found is an entry. */

export interface Start {
  readonly config: Config;
  readonly mode: "paper" | "live";
  readonly probes: boolean;
  readonly sessionId: string;
  readonly ledger: Ledger;
  readonly clock: Clock;
  readonly calendar: Calendar;
  readonly day: ExchangeDay;
  readonly signal: AbortSignal;
}

/** Why a session does not start. */
export type Refusal = "failed" | "not-ready";

/**
 * Null when the session may connect; else the reason has been said.
 *
 * @throws the signal's reason when it is told to end while it waits
 */
export async function preflight(start: Start): Promise<Refusal | null> {
  const { config, ledger, sessionId, clock, calendar, day } = start;
  const { path } = config.ledger;
  refuseBroken(ledger, path);
  const findings = new LedgerFindings(ledger);
  const freeBytes = await freeBytesAt(dirname(path));
  const surroundings = { freeBytes, day, calendarEnds: calendar.horizon.last };
  const refusal = refusalOf(surroundings);
  if (refusal !== null) {
    complain(refusal);
    return "failed";
  }
  await waitAfterFailures(start, findings);
  const report = start.probes ? await lookAtGateway(start) : null;
  if (report !== null) ledger.append(sessionId, clock.now(), [probeEntry(report)]);
  if (report?.verdict === "not-ready") {
    complain(notReadyText(report));
    return "not-ready";
  }
  const because = [
    report === null
      ? "not probed"
      : `Gateway ${report.verdict} in ${Math.round(report.elapsedMs)} ms`,
    ...findings.words,
    ...surroundingsWords(surroundings),
  ].join("; ");
  ledger.append(sessionId, clock.now(), [
    { kind: "state-changed", from: null, to: "preflight", because },
  ]);
  note(`preflight: ${because}`);
  return null;
}

/** An order may not stand on a ledger somebody changed. */
function refuseBroken(ledger: Ledger, path: string): void {
  const seq = ledger.firstBreak();
  if (seq === null) return;
  throw new LedgerError(
    `Cannot trade on ledger "${path}": its hash chain breaks at entry ${seq}; restore a backup`,
  );
}

/** Null where it may not be asked. */
async function freeBytesAt(folder: string): Promise<number | null> {
  try {
    const { bavail, bsize } = await statfs(folder);
    return bavail * bsize;
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    return null;
  }
}

async function waitAfterFailures(
  { clock, ledger, sessionId, signal }: Start,
  { restarts }: LedgerFindings,
): Promise<void> {
  const { inARow, waitMs } = restarts.before(clock.now());
  if (waitMs === 0) return;
  const text = `The last ${inARow} starts came to nothing within minutes; this one waits ` +
    `${(waitMs / 1_000).toFixed(1)} s before it connects`;
  note(text);
  ledger.append(sessionId, clock.now(), [{
    kind: "incident",
    code: "start-delayed",
    severity: "warning",
    symbol: null,
    text,
    durationMs: waitMs,
  }]);
  await sleep(clock, waitMs, signal);
}

async function lookAtGateway({ config, mode, signal }: Start): Promise<ProbeReport> {
  const { gateway, session } = config;
  const [symbol = "AAPL"] = session.symbols;
  return await probe({
    host: gateway.host,
    port: gateway.port,
    clientId: randomClientId(),
    timeoutMs: gateway.handshakeTimeoutSeconds * 1_000,
    waitMs: 0,
    expectedMode: mode,
    symbol,
    ordersWanted: true,
    whatIf: false,
    only: "accounts",
  }, { clock: new WallClock(), looker: machineLooker(), signal });
}

function probeEntry({ verdict, diagnoses, elapsedMs }: ProbeReport): EntryBody {
  return { kind: "probe-result", verdict, diagnosis: diagnoses[0]?.code ?? null, elapsedMs };
}

function notReadyText({ diagnoses }: ProbeReport): string {
  const [first] = diagnoses;
  if (first === undefined) return "The Gateway is not ready. Run deno task probe to see why";
  const { code, because, remedy } = first;
  const steps = remedy.map((step) => step.replace(/\.$/, "")).join(". ");
  return `The Gateway is not ready: ${code} (${because.join("; ")}). ${steps}. ` +
    "Details: deno task probe";
}
