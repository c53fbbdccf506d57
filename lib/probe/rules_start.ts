import type { ConnectionEvidence, Evidence, ServerMessage, SessionEvidence } from "./evidence.ts";
import { isUpstreamLost } from "./checks_session.ts";
import type { Diagnosis } from "./report.ts";
import { resetWindowAt } from "./reset_windows.ts";
import { duration, holderText, suspect } from "./rules.ts";
import { listenerOf } from "./rules_greeting.ts";
import { isLoopback } from "./sockets.ts";

/** D. Greeted, but the session did not start. */

const CLIENTS_MAX = 32;
const REFUSED_MAX_MS = 250;
const DISCLAIMER: ReadonlySet<number> = new Set([10141, 2139]);

export function notStarted(
  evidence: Evidence,
  { connection, session }: {
    readonly connection: ConnectionEvidence;
    readonly session: SessionEvidence;
  },
): Diagnosis[] {
  const told = saidWhy(evidence, session);
  if (told !== null) return [told];
  const closed = connection.closedBy === "peer-fin" || connection.closedBy === "peer-rst";
  if (closed && (session.nextValidId !== null || session.accounts !== null)) {
    return closedHalfway(connection);
  }
  if (session.nextValidId !== null) return [noAccounts(session)];
  if (session.accounts !== null) return noValidId(session);
  return closed ? closedOnStart(evidence) : unanswered(evidence, connection);
}

/** A message that names the cause. */
function saidWhy(evidence: Evidence, session: SessionEvidence): Diagnosis | null {
  const { messages } = session;
  const inUse = messages.find(({ code }) => code === 326);
  if (inUse !== undefined) return idInUse(evidence, inUse);
  const disclaimer = messages.find(({ code }) => DISCLAIMER.has(code));
  if (disclaimer !== undefined) {
    return suspect("paper-disclaimer", 0.99, { because: [quote(disclaimer)] });
  }
  const refused = messages.find(({ code, text }) =>
    code === 502 || /maximum.*(client|connection)/i.test(text)
  );
  if (refused !== undefined) return suspect("too-many-clients", 0.8, { because: [quote(refused)] });
  if (isUpstreamLost(session)) return upstreamLost(evidence, session);
  const readOnly = messages.find(({ code, text }) => code === 321 && /read-only/i.test(text));
  if (readOnly !== undefined) return suspect("read-only", 0.9, { because: [quote(readOnly)] });
  return null;
}

function idInUse(evidence: Evidence, message: ServerMessage): Diagnosis {
  const { clientId } = evidence.target;
  const others = listenerOf(evidence)?.clients.filter(({ holder }) => holder !== null) ?? [];
  const names = [...new Set(others.map(({ holder }) => holderText(holder)))];
  const connected = names.length === 0 ? [] : [`connected are: ${names.slice(0, 3).join(", ")}`];
  return suspect("client-id-in-use", 1, {
    because: [quote(message), ...connected],
    remedy: names.length > 0
      ? [`Use another --client-id than ${clientId}, or stop the client that has it.`]
      : [
        `Use another --client-id than ${clientId}.`,
        "If no client has it: wait some seconds, then restart TWS or IB Gateway.",
      ],
  });
}

export function upstreamLost({ atMs, target }: Evidence, session: SessionEvidence): Diagnosis {
  const lost = session.messages.findLast(({ code }) => code === 1100 || code === 2110);
  const told = lost === undefined ? "it reports no connection to IBKR" : quote(lost);
  const reset = resetWindowAt(atMs, (session.mode ?? target.expectedMode) === "paper");
  if (reset === null) {
    return suspect("upstream-lost", 0.9, { because: [told, "outside IBKR's hours of reset"] });
  }
  return suspect("upstream-lost", 0.9, {
    because: [told, `this is the time of ${reset}`],
    remedy: [
      "Wait: it comes back within minutes. Do not reconnect in a loop.",
      "deno task probe --wait 600",
    ],
    reference: "S1",
  });
}

function closedHalfway(connection: ConnectionEvidence): Diagnosis[] {
  const because = [
    `it ended the connection after ${
      duration(connection.closedAfterMs ?? 0)
    }, in the middle of the start`,
  ];
  return [
    suspect("closed-later", 0.7, { because }),
    suspect("starting-or-restarting", 0.25, { because }),
  ];
}

function noAccounts(session: SessionEvidence): Diagnosis {
  return suspect("no-accounts", 0.8, {
    because: [
      `it named order id ${session.nextValidId?.value}`,
      session.accounts === null ? "and no accounts" : "and an empty list of accounts",
    ],
  });
}

function noValidId(session: SessionEvidence): Diagnosis[] {
  const because = [`it named ${session.accounts?.length ?? 0} account(s), and no order id`];
  return [
    suspect("no-valid-id", 0.75, { because }),
    suspect("read-only", 0.2, { because }),
  ];
}

function closedOnStart(evidence: Evidence): Diagnosis[] {
  const afterMs = evidence.timings.get("startApi") ?? 0;
  const closed = `it closed ${duration(afterMs)} after our start, without a word`;
  const count = listenerOf(evidence)?.establishedCount ?? 0;
  if (count >= CLIENTS_MAX) {
    return [
      suspect("too-many-clients", 0.8, { because: [closed, `${count} clients are connected`] }),
    ];
  }
  const wouldSeparate = "deno task probe with another --client-id: does that one get through?";
  const because = [closed];
  // Measured on live ones: a refused id is thrown out at once, the unexplained ends came after half a second.
  const atOnce = afterMs < REFUSED_MAX_MS;
  return [
    suspect("client-id-in-use", atOnce ? 0.5 : 0.3, { because, wouldSeparate }),
    suspect("start-api-unanswered", atOnce ? 0.3 : 0.45, { because, reference: "C3" }),
    suspect("paper-disclaimer", 0.2, { because, wouldSeparate }),
  ];
}

function unanswered(evidence: Evidence, connection: ConnectionEvidence): Diagnosis[] {
  const version = connection.greeting?.serverVersion;
  const waited = evidence.timings.get("startApi") ?? evidence.target.timeoutMs;
  const because = [`it named version ${version}, then nothing for ${duration(waited)}`];
  if (isLoopback(connection.address)) {
    return [
      suspect("start-api-unanswered", 0.7, { because }),
      suspect("modal-dialog", 0.25, { because }),
    ];
  }
  return [
    suspect("start-api-unanswered", 0.55, { because }),
    suspect("accept-dialog", 0.4, {
      because: [...because, `we come from ${connection.localAddress ?? "another machine"}`],
    }),
  ];
}

function quote({ code, text }: ServerMessage): string {
  return `${code}: ${text.split("\n", 1)[0]}`;
}
