import type { LogEvent, TimedEvent } from "./log_events.ts";
import { DIAGNOSES_MAX, type Diagnosis } from "./report.ts";
import { duration, suspect } from "./rules.ts";

/** The cause behind a client's log, by the order and the times of its lines alone. Pure. */

export interface LogFindings {
  /** Where the client meant to connect to, when the log says so. */
  readonly target: {
    readonly host: string;
    readonly port: number;
    readonly clientId: number | null;
  } | null;
  readonly serverVersion: number | null;
  /** The client got through in the end. */
  readonly ready: boolean;
  /** Attempts found; the last one is judged. */
  readonly attempts: number;
  readonly diagnoses: readonly Diagnosis[];
}

const AT_ONCE_MS = 250;
const WOULD_SEPARATE = "deno task probe, on the same machine, with the client's host, port and id";

export function diagnoseLog(events: readonly TimedEvent[]): LogFindings {
  const starts = events.flatMap(({ event }, index) => event.kind === "connecting" ? [index] : []);
  // Without a line that says "connecting" the first event begins the only attempt.
  const last = new Attempt(events.slice(starts.at(-1) ?? 0));
  const connecting = last.find("connecting");
  return {
    target: connecting === null
      ? null
      : { host: connecting.host, port: connecting.port, clientId: connecting.clientId },
    serverVersion: last.find("server-version")?.version ?? null,
    ready: last.ready,
    attempts: events.length === 0 ? 0 : Math.max(1, starts.length),
    diagnoses: judge(last).toSorted((a, b) => b.confidence - a.confidence).slice(0, DIAGNOSES_MAX),
  };
}

class Attempt {
  readonly #events: readonly TimedEvent[];

  constructor(events: readonly TimedEvent[]) {
    this.#events = events;
  }

  has(kind: LogEvent["kind"]): boolean {
    return this.#events.some(({ event }) => event.kind === kind);
  }

  find<K extends LogEvent["kind"]>(kind: K): Extract<LogEvent, { kind: K }> | null {
    for (const { event } of this.#events) if (isKind(event, kind)) return event;
    return null;
  }

  all<K extends LogEvent["kind"]>(kind: K): Extract<LogEvent, { kind: K }>[] {
    return this.#events.flatMap(({ event }) => isKind(event, kind) ? [event] : []);
  }

  message(...codes: readonly number[]): Extract<LogEvent, { kind: "message" }> | null {
    return this.all("message").find(({ code }) => codes.includes(code)) ?? null;
  }

  get greeted(): boolean {
    return this.has("server-version") || this.has("greeted");
  }

  get ready(): boolean {
    return this.has("ready") || this.has("synchronized") ||
      (this.has("order-id") && this.has("accounts"));
  }

  /** True when the peer ended it: the end stands before the client's own giving up, or alone. */
  get endedByPeer(): boolean {
    if (this.has("peer-closed") || this.has("reset")) return true;
    const gone = this.#events.findIndex(({ event }) => event.kind === "gone");
    const given = this.#events.findIndex(({ event }) => event.kind === "giving-up");
    return gone >= 0 && (given < 0 || gone < given);
  }

  /** From the connect to the end; null without time stamps. */
  get lastedMs(): number | null {
    return this.#sinceConnected(["gone", "reset", "peer-closed"]);
  }

  /** From the connect until the client gave up; null without time stamps. */
  get patienceMs(): number | null {
    return this.#sinceConnected(["giving-up"]);
  }

  #sinceConnected(kinds: readonly LogEvent["kind"][]): number | null {
    const timeOf = (wanted: readonly LogEvent["kind"][]): number | null =>
      this.#events.find(({ event }) => wanted.includes(event.kind))?.atMs ?? null;
    const start = timeOf(["connected"]);
    const end = timeOf(kinds);
    return start === null || end === null ? null : end - start;
  }
}

function isKind<K extends LogEvent["kind"]>(
  event: LogEvent,
  kind: K,
): event is Extract<LogEvent, { kind: K }> {
  return event.kind === kind;
}

function judge(attempt: Attempt): Diagnosis[] {
  return said(attempt) ??
    (attempt.ready
      ? readyButLists(attempt)
      : attempt.greeted
      ? notStarted(attempt)
      : notGreeted(attempt));
}

/** What the server, or the kernel, said in so many words. */
function said(attempt: Attempt): Diagnosis[] | null {
  const inUse = attempt.message(326);
  if (inUse !== null) return [suspect("client-id-in-use", 1, { because: [quote(inUse)] })];
  const disclaimer = attempt.message(10141, 2139);
  if (disclaimer !== null) {
    return [suspect("paper-disclaimer", 0.99, { because: [quote(disclaimer)] })];
  }
  if (attempt.has("too-old")) {
    return [
      suspect("server-too-old", 0.95, { because: ["the client refuses the server's version"] }),
    ];
  }
  const readOnly = attempt.all("message").find(({ text }) => /read-only mode/i.test(text));
  if (readOnly !== undefined) return [suspect("read-only", 0.95, { because: [quote(readOnly)] })];
  const lost = attempt.all("message").findLast(({ code }) =>
    [1100, 1101, 1102, 2110].includes(code)
  );
  if (lost !== undefined && (lost.code === 1100 || lost.code === 2110)) {
    return [suspect("upstream-lost", 0.85, { because: [quote(lost)] })];
  }
  return null;
}

function readyButLists(attempt: Attempt): Diagnosis[] {
  const lists = [...new Set(attempt.all("list-timed-out").map(({ list }) => list))];
  if (lists.length === 0) return [];
  return [suspect("sync-incomplete", 0.85, {
    because: lists.map((list) => `the list of ${list} did not end in time`),
  })];
}

function notStarted(attempt: Attempt): Diagnosis[] {
  const version = `version ${
    attempt.find("server-version")?.version ?? "(not logged)"
  } came, the session did not start`;
  if (attempt.endedByPeer) {
    const because = [version, "the server ended the connection without saying why"];
    return [
      suspect("client-id-in-use", 0.45, {
        because,
        wouldSeparate: "Another client id: does it get through?",
      }),
      suspect("start-api-unanswered", 0.3, { because, reference: "C3" }),
      suspect("paper-disclaimer", 0.2, { because }),
    ];
  }
  if (attempt.has("accounts")) {
    return [suspect("no-valid-id", 0.7, { because: [version, "accounts came, no order id"] })];
  }
  if (attempt.has("order-id")) {
    return [suspect("no-accounts", 0.7, { because: [version, "an order id came, no accounts"] })];
  }
  const farms = attempt.message(2104, 2106, 2107, 2108, 2158);
  if (farms !== null) {
    const because = [
      version,
      "farms were reported, so it is the accounts or the order id that are missing",
    ];
    const wouldSeparate = "deno task probe says which of the two";
    return [
      suspect("no-accounts", 0.5, { because, wouldSeparate }),
      suspect("no-valid-id", 0.45, { because, wouldSeparate }),
    ];
  }
  const because = [version, "nothing came until the client gave up"];
  return [
    suspect("start-api-unanswered", 0.55, { because, wouldSeparate: WOULD_SEPARATE }),
    suspect("client-side", 0.3, { because, wouldSeparate: WOULD_SEPARATE }),
  ];
}

function notGreeted(attempt: Attempt): Diagnosis[] {
  if (attempt.has("refused") || attempt.message(502) !== null) return refused();
  if (attempt.has("unreachable")) {
    return [
      suspect("no-route", 0.59, {
        because: ["no route to the host"],
        wouldSeparate: WOULD_SEPARATE,
      }),
      suspect("local-network-privacy", 0.3, {
        because: ["no route to the host, if this is macOS"],
      }),
    ];
  }
  if (attempt.has("connected") && attempt.endedByPeer) return endedEarly(attempt.lastedMs);
  if (attempt.endedByPeer) return endedEarly(attempt.lastedMs);
  const { patienceMs } = attempt;
  const after = patienceMs === null ? "" : `, after ${duration(patienceMs)}`;
  const because = [`connected, and no version came until the client gave up${after}`];
  return [
    suspect("silent", 0.5, { because, wouldSeparate: WOULD_SEPARATE }),
    suspect("accept-dialog", 0.3, { because, wouldSeparate: WOULD_SEPARATE }),
    suspect("listener-stuck", 0.3, { because, wouldSeparate: WOULD_SEPARATE }),
  ];
}

function refused(): Diagnosis[] {
  const because = ["the connection was refused: nothing listened there"];
  return [
    suspect("not-running", 0.5, { because, wouldSeparate: WOULD_SEPARATE }),
    suspect("wrong-port", 0.3, { because, wouldSeparate: WOULD_SEPARATE }),
    suspect("at-login", 0.2, { because, wouldSeparate: WOULD_SEPARATE }),
  ];
}

function endedEarly(lastedMs: number | null): Diagnosis[] {
  const after = lastedMs === null ? "" : ` after ${duration(lastedMs)}`;
  const because = [`connected, and the server closed${after} before its version came`];
  if (lastedMs !== null && lastedMs > AT_ONCE_MS) {
    return [
      suspect("closed-later", 0.55, { because, wouldSeparate: WOULD_SEPARATE }),
      suspect("relay-backend-dead", 0.2, { because, wouldSeparate: WOULD_SEPARATE }),
    ];
  }
  return [
    suspect("closed-at-once", 0.5, { because, wouldSeparate: WOULD_SEPARATE }),
    suspect("relay-backend-dead", 0.35, { because, wouldSeparate: WOULD_SEPARATE }),
    suspect("not-the-api", 0.15, { because, wouldSeparate: WOULD_SEPARATE }),
  ];
}

function quote({ code, text }: { readonly code: number; readonly text: string }): string {
  return `${code}: ${text.trim()}`;
}
