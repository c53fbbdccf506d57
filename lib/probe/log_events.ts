/**
 * What a client's log says, line by line: ib_async and ib_insync, IBKR's ibapi (Python, and what people print in its
 * callbacks), @stoqey/ib. Pure; a line that says nothing to us is skipped.
 */

export type LogEvent =
  | {
    readonly kind: "connecting";
    readonly host: string;
    readonly port: number;
    readonly clientId: number | null;
  }
  | { readonly kind: "connected" }
  | { readonly kind: "server-version"; readonly version: number }
  /** The version came, and the log does not say which. */
  | { readonly kind: "greeted" }
  | { readonly kind: "accounts" }
  | { readonly kind: "order-id" }
  | { readonly kind: "ready" }
  | { readonly kind: "list-timed-out"; readonly list: string }
  | { readonly kind: "synchronized" }
  | { readonly kind: "message"; readonly code: number; readonly text: string }
  | { readonly kind: "refused" }
  | { readonly kind: "unreachable" }
  | { readonly kind: "reset" }
  | { readonly kind: "too-old" }
  /** The library's own guess at any end of connection: "clientId 7 already in use?" */
  | { readonly kind: "peer-closed" }
  | { readonly kind: "gone" }
  /** The client itself gives up. */
  | { readonly kind: "giving-up" };

export interface TimedEvent {
  /** Epoch ms by the log's own stamp; null without one. */
  readonly atMs: number | null;
  readonly event: LogEvent;
}

/** Longer files are cut to their end: the last attempt is the one that matters. */
const LINES_MAX = 200_000;

export function readLog(text: string): TimedEvent[] {
  const lines = text.split("\n");
  return lines.slice(-LINES_MAX).flatMap((line) => {
    const event = eventOf(line);
    return event === null ? [] : [{ atMs: timeOf(line), event }];
  });
}

type Reader = (match: RegExpExecArray) => LogEvent;

/** First match wins, so the particular stand before the general. */
const PATTERNS: readonly (readonly [RegExp, Reader])[] = [
  [
    /Connecting to ([^\s:]+):(\d+) w(?:ith clientId |\/ id:)(\d+)/,
    ([, host = "", port, id]) => ({
      kind: "connecting",
      host,
      port: Number(port),
      clientId: Number(id),
    }),
  ],
  [
    /ECONNREFUSED|ConnectionRefused|Connection refused|Make sure API port on TWS\/IBG is open/,
    () => ({ kind: "refused" }),
  ],
  [/EHOSTUNREACH|ENETUNREACH|No route to host/, () => ({ kind: "unreachable" })],
  [/ECONNRESET|Connection reset by peer|Errno 104|WinError 10054/, () => ({ kind: "reset" })],
  [
    /TWS\/gateway version must be >=|code: 50[36]\b|TWS is out of date/,
    () => ({ kind: "too-old" }),
  ],
  [/Peer closed connection/, () => ({ kind: "peer-closed" })],
  [/API connection failed|\b[Dd]isconnecting\b/, () => ({ kind: "giving-up" })],
  [
    /(positions|open orders|completed orders|executions|account updates)[^\n]* request timed out/,
    ([, list = ""]) => ({ kind: "list-timed-out", list }),
  ],
  [/(?:Error|Warning) (\d{2,5}), reqId -?\d+: (.*)/, message],
  [/errorCode['"]?: (\d{2,5}), ['"]?errorString['"]?: ['"](.*?)['"],/, message],
  [/Error \(-?\d+, (\d{2,5}), ['"](.*?)['"]/, message],
  [/Error\.? Id: -?\d+,? Code: (\d{2,5}),? Msg: (.*)/, message],
  [/ERROR(?::\S*:)? -?\d+ (?:\d{10,} )?(\d{3,5}) (.*)/, message],
  [
    /(.*?)\s*-?\s*code: (\d{2,5})\b/i,
    ([, text = "", code]) => ({ kind: "message", code: Number(code), text: textOnly(text) }),
  ],
  [
    /Logged on to server version (\d+)|server ?version[:=\s]+(\d+)/i,
    ([, a, b]) => ({ kind: "server-version", version: Number(a ?? b) }),
  ],
  // ibapi says neither before the version has come.
  [/\bconnectAck\b|\bstartApi\b/, () => ({ kind: "greeted" })],
  [/API connection ready/, () => ({ kind: "ready" })],
  [/Synchronization complete/, () => ({ kind: "synchronized" })],
  [/\bnextValid(?:Order)?Id\b/, () => ({ kind: "order-id" })],
  [/\bmanagedAccounts\b/, () => ({ kind: "accounts" })],
  [/\bDisconnected\b|connectionClosed|EventName\.disconnected/, () => ({ kind: "gone" })],
  [/\bConnected\b|EventName\.connected/, () => ({ kind: "connected" })],
];

/** What stands before a code, without the time stamp and the level. */
function textOnly(text: string): string {
  return text.replace(/^.*\b(?:error|info)\b[\]:\s]*/i, "");
}

function message([, code, text = ""]: RegExpExecArray): LogEvent {
  return { kind: "message", code: Number(code), text };
}

function eventOf(line: string): LogEvent | null {
  for (const [pattern, read] of PATTERNS) {
    const match = pattern.exec(line);
    if (match !== null) return read(match);
  }
  return null;
}

const STAMP = /(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d:\d\d)(?:[.,](\d{1,3}))?/;

/** Only differences count, so the zone does not matter. */
function timeOf(line: string): number | null {
  const match = STAMP.exec(line);
  if (match === null) return null;
  const [, date, time, fraction = "0"] = match;
  return Date.parse(`${date}T${time}.${fraction.padEnd(3, "0")}Z`);
}
