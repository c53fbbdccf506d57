import type { ChartMark, IncidentRow, ProbePanel, ReconciledPanel, Ruling, Stamp } from "./feed.ts";
import { STREAM_ROWS_MAX } from "./feed.ts";
import type { Entry, EntryBody, Reconciled } from "../ledger/entry.ts";
import { Standing } from "../ledger/standing.ts";
import { formatMicros } from "../money.ts";
import { CAUSES } from "../probe/causes.ts";
import { maskText } from "../probe/mask.ts";
import { kept } from "./day.ts";

type Trouble = Pick<IncidentRow, "code" | "severity" | "symbol" | "text">;

/** A row and the session it is of. */
export interface Of<R> {
  readonly sessionId: string;
  readonly row: R;
}

/** The fold of what a person should know of: incidents, halts, comparisons with the broker, probes. */
export class Notices {
  incidents: readonly Of<IncidentRow>[] = [];
  marks: readonly Of<ChartMark>[] = [];
  /** What outlives sessions until a person lifts it. */
  standing: Readonly<Record<"halt" | "pause" | "flatten", Ruling | null>> = NOTHING_STANDS;
  readonly #standing = new Standing();
  probe: ProbePanel | null = null;
  reconciled: ReconciledPanel | null = null;
  /** severity → incidents since the ledger began */
  readonly totals = new Map<IncidentRow["severity"], number>();

  apply(entry: Entry, stamp: Stamp): void {
    const { body } = entry;
    this.#stand(entry, stamp);
    if (body.kind === "reconciled") this.reconciled = comparison(body, stamp);
    else if (body.kind === "probe-result") {
      const { verdict, diagnosis, elapsedMs } = body;
      this.probe = { verdict, diagnosis, title: titleOf(diagnosis), elapsedMs, stamp };
    } else if (body.kind === "execution") {
      const shares = formatMicros(body.quantity);
      const text = `${body.side} ${shares} ${body.symbol} at ${formatMicros(body.price)}`;
      this.#mark(entry, body.side === "BUY" ? "buy" : "sell", text);
    }
    const trouble = troubleOf(body);
    if (trouble !== null) this.#trouble(entry, stamp, trouble);
  }

  /** Another day, account or mode began: what is not of this session is not shown any more. */
  keepOnly(sessionId: string): void {
    this.incidents = this.incidents.filter((one) => one.sessionId === sessionId);
    this.marks = this.marks.filter((one) => one.sessionId === sessionId);
    this.reconciled = null;
  }

  #stand(entry: Entry, stamp: Stamp): void {
    const { halt, pause, flatten } = this.#standing;
    this.#standing.apply(entry);
    const after = this.#standing;
    if (after.halt === halt && after.pause === pause && after.flatten === flatten) return;
    const { standing } = this;
    this.standing = {
      halt: after.halt === halt ? standing.halt : ruling(after.halt, stamp),
      pause: after.pause === pause ? standing.pause : ruling(after.pause, stamp),
      flatten: after.flatten === flatten ? standing.flatten : ruling(after.flatten, stamp),
    };
  }

  #trouble(entry: Entry, stamp: Stamp, trouble: Trouble): void {
    const { seq, sessionId } = entry;
    const row = { ...trouble, key: String(seq), stamp, text: maskText(trouble.text) };
    this.incidents = kept([...this.incidents, { sessionId, row }], STREAM_ROWS_MAX.incidents);
    this.totals.set(row.severity, (this.totals.get(row.severity) ?? 0) + 1);
    if (row.severity === "note") return;
    this.#mark(entry, entry.body.kind === "halted" ? "halt" : "incident", row.text);
  }

  #mark({ seq, at, sessionId }: Entry, kind: ChartMark["kind"], text: string): void {
    const row = { key: String(seq), at, kind, text };
    this.marks = kept([...this.marks, { sessionId, row }], STREAM_ROWS_MAX.marks);
  }
}

const NOTHING_STANDS = { halt: null, pause: null, flatten: null } as const;

function ruling(said: Pick<Ruling, "actor" | "because"> | null, stamp: Stamp): Ruling | null {
  if (said === null) return null;
  return { actor: maskText(said.actor), because: maskText(said.because), stamp };
}

/** The entry as an incident; null when it is none. */
function troubleOf(body: EntryBody): Trouble | null {
  switch (body.kind) {
    case "incident": {
      const { code, severity, symbol, text } = body;
      return { code, severity, symbol, text };
    }
    case "intent-frozen": {
      const text = `Nobody knows what became of an order: ${body.because}`;
      return { code: "order-frozen", severity: "error", symbol: body.symbol, text };
    }
    case "reconciled": {
      if (body.differences.length === 0) return null;
      const text = `Ledger and broker differ: ${differences(body).join("; ")}`;
      return { code: "books-differ", severity: "error", symbol: null, text };
    }
    case "halted": {
      const text = `Halted by ${body.actor}: ${body.because}`;
      return { code: "halted", severity: "error", symbol: null, text };
    }
    case "halt-lifted": {
      const text = `Halt lifted by ${body.actor}: ${body.because}`;
      return { code: "halt-lifted", severity: "note", symbol: null, text };
    }
    case "session-closed": {
      if (body.outcome !== "failed") return null;
      const text = `The session failed: ${body.because}`;
      return { code: "session-failed", severity: "error", symbol: null, text };
    }
    case "entries-paused": {
      const text = `Entries paused by ${body.actor}: ${body.because}`;
      return { code: "entries-paused", severity: "warning", symbol: null, text };
    }
    case "entries-resumed": {
      const text = `Entries resumed by ${body.actor}: ${body.because}`;
      return { code: "entries-resumed", severity: "note", symbol: null, text };
    }
    case "flatten-requested": {
      const text = `All positions to be closed, says ${body.actor}: ${body.because}`;
      return { code: "flatten-requested", severity: "error", symbol: null, text };
    }
    default:
      return null;
  }
}

function comparison(body: Reconciled, stamp: Stamp): ReconciledPanel {
  return {
    at: body.at,
    fills: body.fills.broker,
    differences: differences(body).map(maskText),
    stamp,
  };
}

function differences({ differences }: Reconciled): readonly string[] {
  return differences.map(({ what, key, ledger, broker }) =>
    `${what} ${key}: ledger ${ledger === "" ? "none" : ledger}, broker ${broker}`
  );
}

function titleOf(diagnosis: string | null): string | null {
  return Object.entries(CAUSES).find(([code]) => code === diagnosis)?.[1].title ?? null;
}
