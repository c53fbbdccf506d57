import { duration, plural } from "./rules.ts";
import type { Check, CheckId, Json } from "./report.ts";

/** What a check found, in a few words for a line of text. Reads the report alone, as anybody could. */

export const NAMES: Readonly<Record<CheckId, string>> = {
  observer: "Observer",
  process: "Process",
  listener: "Listener",
  tcp: "TCP",
  service: "Service",
  handshake: "Handshake",
  startApi: "Session start",
  nextValidId: "Order id",
  accounts: "Account",
  upstream: "Link to IBKR",
  clock: "Clock",
  marketData: "Quotes",
  history: "History",
  readOnly: "Orders",
  openState: "Open state",
  calendar: "Calendar",
  ledger: "Ledger, disk",
};

type Facts = { readonly [key: string]: Json };
type Words = (facts: Facts, check: Check) => string;

const WORDS: Readonly<Record<CheckId, Words>> = {
  observer: ({ platform, namespace }) =>
    `${textOf(platform)}${
      namespace === "host" || namespace === null ? "" : `, ${textOf(namespace)}`
    }, sockets visible`,
  process: ({ programs }) => listOf(programs).map(programWords).slice(0, 3).join("; "),
  listener: listenerWords,
  tcp: ({ outcome, address, errorCode }) =>
    outcome === "connected"
      ? `connected to ${textOf(address)}`
      : `${textOf(address)}: ${textOf(outcome)} (${textOf(errorCode)})`,
  service: ({ speaks }) =>
    speaks === "api" ? "speaks the TWS API" : `speaks ${textOf(speaks)}, not the TWS API`,
  handshake: handshakeWords,
  startApi: ({ messages, clientId }, { status }) =>
    status === "pass"
      ? `started as client ${textOf(clientId)}`
      : lastMessage(messages) ?? "no answer to startApi",
  nextValidId: ({ nextOrderId }) =>
    nextOrderId === null ? "none came" : `next order id ${textOf(nextOrderId)}`,
  accounts: ({ accounts, mode, expectedMode }) =>
    accounts === null || listOf(accounts).length === 0
      ? "none named"
      : `${listOf(accounts).map(textOf).join(", ")}: ${textOf(mode)}${
        expectedMode === null || mode === expectedMode ? "" : `, ${textOf(expectedMode)} expected`
      }`,
  upstream: ({ brokenFarms, notices }, { status }) =>
    status === "fail"
      ? lastMessage(notices) ?? "lost"
      : status === "warn"
      ? listOf(brokenFarms).map(textOf).join("; ")
      : "connected, no farm reported broken",
  clock: clockWords,
  marketData: ({ symbol, kind, codes, priced }) =>
    priced === true
      ? `${textOf(symbol)} ${textOf(kind)}`
      : `${textOf(symbol)}: no price; ${listOf(codes).map(textOf).join(", ") || "no reason given"}`,
  history: ({ symbol, bars, text, codes }) =>
    bars === null && listOf(codes).length === 0
      ? `${textOf(symbol)}: no answer`
      : typeof bars === "number"
      ? `${textOf(symbol)} ${plural(bars, "daily bar")}`
      : `${textOf(symbol)}: ${textOf(text)}`,
  readOnly: readOnlyWords,
  openState: openStateWords,
  calendar: ({ text }) => textOf(text),
  ledger: ledgerWords,
};

export function wordsOf(check: Check): string {
  if (check.status === "unknown") return `unknown: ${check.because ?? "could not be looked at"}`;
  return WORDS[check.id](check.evidence, check);
}

function programWords(program: Json): string {
  const { label, pid, state } = factsOf(program);
  return `${textOf(label)} (pid ${textOf(pid)}${state === "T" ? ", stopped" : ""})`;
}

function listenerWords({ onPort, elsewhere }: Facts): string {
  const row = listOf(onPort)[0];
  if (row === undefined) {
    const other = listOf(elsewhere)[0];
    return other === undefined
      ? "nobody listens on that port"
      : `nobody listens there; somebody does on ${textOf(factsOf(other).port)}`;
  }
  const { address, port, owner, queue } = factsOf(row);
  const by = owner === null ? "owner hidden" : textOf(factsOf(owner ?? null).command);
  const { waiting } = factsOf(queue ?? null);
  return `${textOf(address)}:${textOf(port)}, ${by}${
    typeof waiting === "number" && waiting > 0 ? `, ${waiting} waiting` : ""
  }`;
}

function handshakeWords(facts: Facts, { status }: Check): string {
  if (status !== "fail") return `server version ${textOf(facts.serverVersion)}`;
  const { sentBytes, receivedBytes, closedBy, closedAfterMs, waitedMs } = facts;
  const end = closedBy === "peer-fin" || closedBy === "peer-rst"
    ? `${closedBy === "peer-rst" ? "reset" : "closed"} by it after ${
      duration(Number(closedAfterMs))
    }`
    : `no answer in ${duration(Number(waitedMs))}`;
  return `sent ${textOf(sentBytes)} bytes, received ${textOf(receivedBytes)}; ${end}`;
}

function clockWords({ skewMs, limitMs }: Facts): string {
  if (typeof skewMs !== "number") return "unknown";
  if (skewMs === 0) return `agrees (limit ${duration(Number(limitMs))})`;
  const side = skewMs > 0 ? "ahead" : "behind";
  return `Gateway ${duration(Math.abs(skewMs))} ${side} (limit ${duration(Number(limitMs))})`;
}

function readOnlyWords({ readOnly, whatIf }: Facts): string {
  const preview = whatIf === null ? "" : `, preview ${textOf(factsOf(whatIf ?? null).outcome)}`;
  return (readOnly === true ? "the API is read-only" : "the API may place orders") + preview;
}

function openStateWords({ incomplete, positions, workingOrders, differences }: Facts): string {
  const missing = listOf(incomplete);
  if (missing.length > 0) return `list of ${missing.map(textOf).join(", ")} did not end`;
  const found = `${plural(Number(positions), "position")}, ${
    plural(Number(workingOrders), "working order")
  }`;
  if (differences === null) return `${found}; no ledger to compare`;
  const differs = listOf(differences);
  return differs.length === 0
    ? `${found}; ledger agrees`
    : `ledger differs: ${differs.map(textOf).join("; ")}`;
}

function ledgerWords({ entries, firstBreak, freeBytes, verified }: Facts): string {
  if (firstBreak !== null) return `hash chain broken at entry ${textOf(firstBreak)}`;
  const count = entries === 1 ? "1 entry" : `${textOf(entries)} entries`;
  const chain = verified === true ? "chain unbroken" : "chain not gone through";
  const free = typeof freeBytes === "number" ? `, ${Math.round(freeBytes / 1e9)} GB free` : "";
  return `${count}, ${chain}${free}`;
}

function lastMessage(messages: Json | undefined): string | null {
  const last = listOf(messages).at(-1);
  if (last === undefined) return null;
  const { code, text } = factsOf(last);
  return `${textOf(code)}: ${textOf(text)}`;
}

function textOf(value: Json | undefined): string {
  return value === null || value === undefined
    ? "unknown"
    : typeof value === "object"
    ? ""
    : String(value);
}

function listOf(value: Json | undefined): Json[] {
  return Array.isArray(value) ? value : [];
}

function factsOf(value: Json): Facts {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? value : {};
}
