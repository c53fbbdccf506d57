import type { Session as ExchangeDay } from "../calendar/calendar.ts";
import type { Entry, EntryKind, Reconciled, SessionClosed } from "../ledger/entry.ts";
import type { LedgerReader } from "../ledger/ledger.ts";
import { OPERATOR } from "../ledger/operator.ts";
import { Standing, STANDING_KINDS } from "../ledger/standing.ts";
import { Restarts } from "./restarts.ts";
import { clockTime } from "./today.ts";

/** A day of the ledger with its write-ahead log is some tens of MB, and no order leaves without room for its intent. */
const FREE_BYTES_MIN = 200e6;

/** The session before this one, by the ledger. */
interface Before {
  readonly sessionId: string;
  closed: SessionClosed | null;
  compared: Reconciled | null;
}

/** What halts, starts and ends of sessions are told by; a start writes one of these before anything else. */
const KINDS: readonly EntryKind[] = [
  ...STANDING_KINDS,
  "probe-result",
  "state-changed",
  "session-opened",
  "session-closed",
];

/** What the ledger says to a session that is about to start. */
export class LedgerFindings {
  readonly standing = new Standing();
  readonly restarts = new Restarts();
  #before: Before | null = null;

  constructor(ledger: LedgerReader) {
    for (const entry of ledger.read({ kinds: KINDS })) {
      this.standing.apply(entry);
      this.restarts.apply(entry);
      this.#apply(entry);
    }
  }

  /** Halts, pauses and how the session before ended, in words. */
  get words(): readonly string[] {
    const { halt, flatten, pause } = this.standing;
    return [
      halt === null ? "not halted" : `halted by ${halt.actor}: ${halt.because}`,
      ...flatten === null ? [] : ["every position is to be closed"],
      ...pause === null ? [] : [`entries paused by ${pause.actor}: ${pause.because}`],
      this.#beforeWords(),
    ];
  }

  #beforeWords(): string {
    if (this.#before === null) return "no session before this one";
    const { sessionId, closed, compared } = this.#before;
    if (closed === null) return `${sessionId} has no end and is taken up`;
    const books = compared === null
      ? "its books were not compared at its end"
      : compared.differences.length === 0
      ? "its books agreed"
      : `its books DIFFERED: ${compared.differences.map(({ key }) => key).join(", ")}`;
    return `${sessionId} ended ${closed.outcome}, ${books}`;
  }

  #apply({ sessionId, body }: Entry): void {
    if (sessionId === OPERATOR) return;
    if (body.kind === "session-opened" && this.#before?.sessionId !== sessionId) {
      this.#before = { sessionId, closed: null, compared: null };
    }
    if (this.#before?.sessionId !== sessionId) return;
    if (body.kind === "session-closed") this.#before.closed = body;
    else if (body.kind === "reconciled" && body.at === "end") this.#before.compared = body;
  }
}

/** What else has to be right before anybody connects; `freeBytes` is null where it may not be asked. */
export interface Surroundings {
  readonly freeBytes: number | null;
  readonly day: ExchangeDay;
  readonly calendarEnds: string;
}

/** Why nothing may start here; null when it may. */
export function refusalOf({ freeBytes }: Surroundings): string | null {
  if (freeBytes === null || freeBytes >= FREE_BYTES_MIN) return null;
  return `Cannot trade with ${
    megabytes(freeBytes)
  } free on the ledger's disk: no order may leave that ` +
    `cannot be written down, and a day needs up to ${megabytes(FREE_BYTES_MIN)}. Make room`;
}

export function surroundingsWords({ freeBytes, day, calendarEnds }: Surroundings): string[] {
  const early = day.early ? ` (${day.name})` : "";
  return [
    freeBytes === null ? "free disk space unknown" : `${megabytes(freeBytes)} free`,
    `${day.exchange} ${clockTime(day.opensAt, day.zone).slice(0, 5)} to ` +
    `${clockTime(day.closesAt, day.zone)}${early}, calendar known until ${calendarEnds}`,
  ];
}

function megabytes(bytes: number): string {
  return bytes >= 1e9 ? `${(bytes / 1e9).toFixed(1)} GB` : `${Math.floor(bytes / 1e6)} MB`;
}
