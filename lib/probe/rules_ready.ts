import { brokenFarms, farmName, isUpstreamLost } from "./checks_session.ts";
import { LATE_MS } from "./checks_connection.ts";
import type {
  ConnectionEvidence,
  Evidence,
  HistoryEvidence,
  MarketDataEvidence,
  SessionEvidence,
} from "./evidence.ts";
import { portLabel } from "./ports.ts";
import type { Diagnosis } from "./report.ts";
import { duration, holderText, plural, suspect } from "./rules.ts";
import { listenerOf } from "./rules_greeting.ts";
import { upstreamLost } from "./rules_start.ts";
import { isLoopback } from "./sockets.ts";

/** E. The session started: what is wrong with it all the same. */

interface Ready {
  readonly evidence: Evidence;
  readonly connection: ConnectionEvidence;
  readonly session: SessionEvidence;
}

type Rule = (ready: Ready) => Diagnosis | readonly Diagnosis[] | null;

const RULES: readonly Rule[] = [
  modeMismatch,
  accountMissing,
  lostConnection,
  ({ evidence, session }) => isUpstreamLost(session) ? upstreamLost(evidence, session) : null,
  readOnly,
  syncIncomplete,
  listsSilent,
  competingSession,
  pacing,
  farmDown,
  barsUnanswered,
  quotesMissing,
  notSubscribed,
  delayed,
  clockSkew,
  lateAnswer,
  clicked,
  notReaped,
  clientDoesNotRead,
];

export function ready(facts: Ready): Diagnosis[] {
  return RULES.flatMap((rule) => rule(facts) ?? []);
}

function modeMismatch({ evidence, session }: Ready): Diagnosis | null {
  const { expectedMode, port } = evidence.target;
  if (expectedMode === null || session.mode === null || session.mode === expectedMode) return null;
  const accounts = session.accounts?.join(", ") ?? "";
  const loud = session.mode === "live" ? "LIVE, real money" : session.mode;
  return suspect("mode-mismatch", 1, {
    because: [
      `${expectedMode} is expected on port ${portLabel(port)}`,
      `the account is ${loud}: ${accounts}`,
    ],
  });
}

function accountMissing({ session }: Ready): Diagnosis | null {
  if (session.accountFound !== false) return null;
  return suspect("mode-mismatch", 0.95, {
    because: [`the configured account is not among ${session.accounts?.join(", ")}`],
    remedy: ["Log in as the user of that account, or change the configured account."],
  });
}

function lostConnection({ connection }: Ready): Diagnosis | null {
  if (connection.closedBy !== "peer-fin" && connection.closedBy !== "peer-rst") return null;
  return suspect("closed-later", 0.9, {
    because: [
      `it ended the connection after ${duration(connection.closedAfterMs ?? 0)}, while we asked`,
    ],
    remedy: ["Run it again: a restart or a cut shows in a minute.", "Look at its log."],
    reference: "S2, R7",
  });
}

function readOnly({ session }: Ready): Diagnosis | null {
  if (session.readOnly?.readOnly !== true) return null;
  return suspect("read-only", 1, {
    because: ["asked for an order id it says Read-Only mode (321)"],
  });
}

/** One list that hangs is a fault of that list; most of them at once are one of what is behind them. */
const MANY_LISTS = 3;

function syncIncomplete({ session }: Ready): Diagnosis | null {
  const incomplete = session.openState?.incomplete ?? [];
  if (incomplete.length === 0) return null;
  return suspect("sync-incomplete", incomplete.length < MANY_LISTS ? 0.9 : 0.55, {
    because: incomplete.map((name) => `the list of ${name} did not end`),
  });
}

function listsSilent({ session }: Ready): Diagnosis | null {
  const incomplete = session.openState?.incomplete ?? [];
  if (incomplete.length < MANY_LISTS || isUpstreamLost(session)) return null;
  return suspect("upstream-lost", 0.4, {
    because: [
      `${incomplete.length} lists did not end, although it said nothing of a lost connection`,
    ],
    wouldSeparate: "Look at its window: does it say that it is connected?",
  });
}

const OTHER_ADDRESS = /different IP address/i;

function competingSession({ session }: Ready): Diagnosis | null {
  const told = session.messages.find(({ code, text }) =>
    code === 10197 || ((code === 162 || code === 10189) && OTHER_ADDRESS.test(text))
  );
  if (told === undefined) return null;
  return suspect("competing-session", 0.9, { because: [`${told.code}: ${told.text}`] });
}

function pacing({ session }: Ready): Diagnosis | null {
  const told = session.messages.find(({ code, text }) =>
    code === 100 || code === 101 || (code === 162 || code === 420) && /pacing/i.test(text)
  );
  if (told === undefined) return null;
  return suspect("pacing", 0.95, { because: [`${told.code}: ${told.text}`] });
}

function farmDown({ session }: Ready): Diagnosis | null {
  const broken = brokenFarms(session.messages);
  if (broken.length === 0) return null;
  const falseAlarm = session.marketData?.codes.includes(200)
    ? ["200 for a stock that exists comes of that"]
    : [];
  return suspect("farm-down", 0.8, {
    because: [
      ...broken.map(({ code, text }) => `${code}: ${farmName(text)} is broken`),
      ...falseAlarm,
    ],
  });
}

/** Neither bars nor a reason: a Gateway wakes its farms on demand, and some requests hang. */
function barsUnanswered({ session }: Ready): Diagnosis[] {
  const { history } = session;
  if (history === null || history.bars !== null || history.codes.length > 0) return [];
  const because = [`the request for bars of ${history.symbol} was not answered`];
  const wouldSeparate = "Stop the other clients and run it again.";
  return [
    suspect("farm-down", 0.5, {
      because,
      remedy: ["Try again: the first request after a start wakes the farm up."],
      wouldSeparate,
      reference: "DE11",
    }),
    suspect("pacing", 0.3, { because, wouldSeparate, reference: "DE11" }),
  ];
}

/** Neither a price nor a reason while the exchange is open. Outside its hours silence is normal. */
function quotesMissing({ evidence, session }: Ready): Diagnosis[] {
  const told = session.marketData;
  const open = evidence.calendar?.seen === true && evidence.calendar.value.open;
  if (told === null || told.priced || told.codes.length > 0 || !open) return [];
  const because = [`no quote of ${told.symbol} came, although the exchange is open`];
  const wouldSeparate =
    "Is the stock quoted in TWS? Then subscribe again; data stops after some resets.";
  return [
    suspect("farm-down", 0.5, { because, wouldSeparate, reference: "S10, DE10" }),
    suspect("competing-session", 0.2, { because, wouldSeparate }),
  ];
}

const NOT_SUBSCRIBED: ReadonlySet<number> = new Set([354, 10089, 10090, 10091, 10168, 10186]);

function notSubscribed({ session }: Ready): Diagnosis | null {
  const code = quotesRefused(session.marketData);
  if (code !== undefined) {
    return suspect("market-data-not-subscribed", 0.95, {
      because: [`${code} for quotes of ${session.marketData?.symbol}`],
    });
  }
  const { history } = session;
  if (history === null || !barsRefused(history)) return null;
  return suspect("market-data-not-subscribed", 0.95, { because: [`162: ${history.text}`] });
}

function quotesRefused(told: MarketDataEvidence | null): number | undefined {
  return told === null || told.priced
    ? undefined
    : told.codes.find((code) => NOT_SUBSCRIBED.has(code));
}

function barsRefused({ codes, text }: HistoryEvidence): boolean {
  return codes.includes(162) && /no market data permissions/i.test(text ?? "");
}

function delayed({ session }: Ready): Diagnosis | null {
  const told = session.marketData;
  if (told === null || !told.priced || told.kind === "live" || told.kind === "frozen") return null;
  return suspect("market-data-delayed", 1, {
    because: [`quotes of ${told.symbol} come ${told.kind}`],
  });
}

function clockSkew({ session }: Ready): Diagnosis | null {
  const { skewMs = null, limitMs = 0 } = session.clock ?? {};
  if (skewMs === null || Math.abs(skewMs) <= limitMs) return null;
  const side = skewMs > 0 ? "ahead of" : "behind";
  return suspect("clock-skew", 0.95, {
    because: [
      `the Gateway's clock is ${duration(Math.abs(skewMs))} ${side} ours (limit ${
        duration(limitMs)
      })`,
    ],
  });
}

function lateAnswer({ evidence, connection, session }: Ready): Diagnosis | null {
  const startedMs = startedAfter(connection, session);
  if (startedMs <= LATE_MS) return null;
  const because = [`it was ready after ${duration(startedMs)}`];
  const remedy = [
    `Give your client a timeout longer than ${duration(startedMs)}, for instance 30 s.`,
  ];
  if (startedMs <= evidence.target.timeoutMs) {
    return suspect("slow-answer", 0.9, { because, remedy });
  }
  return isLoopback(connection.address)
    ? suspect("slow-answer", 0.55, { because, remedy, wouldSeparate: CLICKED })
    : null;
}

const CLICKED =
  "Was there a message on its screen that somebody closed? Run it again: it answers at once then.";

/** The answer came while we kept waiting beyond the time limit: as good as a click on a dialog. */
function clicked({ evidence, connection, session }: Ready): Diagnosis | null {
  const startedMs = startedAfter(connection, session);
  if (startedMs <= evidence.target.timeoutMs || startedMs <= LATE_MS) return null;
  const because = [`it answered after ${duration(startedMs)}, while we waited`];
  if (isLoopback(connection.address)) {
    return suspect("modal-dialog", 0.45, { because, wouldSeparate: CLICKED });
  }
  return suspect("accept-dialog", 0.9, {
    because,
    remedy: [
      `Add ${connection.localAddress} to API > Settings > Trusted IPs, so that nobody has to click.`,
    ],
  });
}

function startedAfter({ greeting }: ConnectionEvidence, { nextValidId }: SessionEvidence): number {
  return (greeting?.afterMs ?? 0) + (nextValidId?.afterMs ?? 0);
}

function notReaped({ connection }: Ready): Diagnosis | null {
  if (connection.notReaped !== true) return null;
  return suspect("not-reaped", 0.7, {
    because: ["after our goodbye our connection stays in CLOSE_WAIT at the server's end"],
  });
}

/** The Gateway answered another client, and that client does not read: its loop stands still. */
function clientDoesNotRead({ evidence }: Ready): Diagnosis | null {
  const deaf = listenerOf(evidence)?.clients.find(({ unreadBytes, holder }) =>
    (unreadBytes ?? 0) > 0 && holder !== null
  );
  if (deaf === undefined) return null;
  return suspect("client-side", 0.6, {
    because: [
      `the Gateway answers us, and ${holderText(deaf.holder)} leaves ${
        plural(deaf.unreadBytes ?? 0, "byte")
      } unread`,
    ],
    remedy: ["Let that client's event loop run: no blocking calls, start its reader."],
    reference: "I7",
  });
}
