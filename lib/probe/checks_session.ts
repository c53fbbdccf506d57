import type { Finding } from "./checks.ts";
import type { Evidence, ServerMessage, SessionEvidence } from "./evidence.ts";
import type { Json } from "./report.ts";

/** Checks of what a running session needs beyond the start. */

const LOST: ReadonlySet<number> = new Set([1100, 2110]);
const RESTORED: ReadonlySet<number> = new Set([1101, 1102]);
/** broken code → the codes that say it works again */
const FARMS: ReadonlyMap<number, readonly number[]> = new Map([
  [2103, [2104, 2108]],
  [2105, [2106, 2107]],
  [2157, [2158, 2159]],
]);

export function upstream({ session }: Evidence): Finding | null {
  if (session === null) return null;
  const farms = brokenFarms(session.messages);
  const notices = session.messages.filter(({ requestId }) => requestId === -1);
  const record = {
    notices: notices.map(({ code, text }): Json => ({ code, text })),
    brokenFarms: farms.map(({ text }) => text),
  };
  if (isUpstreamLost(session)) return { status: "fail", evidence: record };
  return { status: farms.length > 0 ? "warn" : "pass", evidence: record };
}

/** Lost and not restored, by the last word on it. */
export function isUpstreamLost({ messages }: SessionEvidence): boolean {
  const last = messages.findLast(({ code }) => LOST.has(code) || RESTORED.has(code));
  return last !== undefined && LOST.has(last.code);
}

/** Farms whose last word is "broken". A farm is named behind the last colon of the text. */
export function brokenFarms(messages: readonly ServerMessage[]): readonly ServerMessage[] {
  return messages.filter((broken, index) => {
    const works = FARMS.get(broken.code);
    if (works === undefined) return false;
    const name = farmName(broken.text);
    const later = messages.slice(index + 1);
    return !later.some(({ code, text }) =>
      (works.includes(code) || code === broken.code) && farmName(text) === name
    );
  });
}

export function farmName(text: string): string {
  return /[:.]\s*([A-Za-z0-9_.]+)\s*$/.exec(text)?.[1] ?? text;
}

export function clock({ session }: Evidence): Finding | null {
  const told = session?.clock ?? null;
  if (told === null) return null;
  const record = {
    skewMs: told.skewMs,
    roundTripMs: told.roundTripMs,
    resolutionMs: told.resolutionMs,
    limitMs: told.limitMs,
  };
  if (told.skewMs === null) {
    return { status: "unknown", evidence: record, because: "it did not tell the time" };
  }
  return { status: Math.abs(told.skewMs) > told.limitMs ? "warn" : "pass", evidence: record };
}

export function marketData({ session, calendar }: Evidence): Finding | null {
  const told = session?.marketData ?? null;
  if (told === null) return null;
  const record = {
    symbol: told.symbol,
    kind: told.kind,
    priced: told.priced,
    afterMs: told.afterMs,
    codes: [...told.codes],
  };
  if (told.priced) return { status: told.kind === "live" ? "pass" : "warn", evidence: record };
  const open = calendar?.seen === true && calendar.value.open;
  if (told.codes.length > 0 || open) return { status: "warn", evidence: record };
  return {
    status: "unknown",
    evidence: record,
    because: `no quote of ${told.symbol} and no reason; normal while the market is closed`,
  };
}

const NO_DATA = /query returned no data/i;

export function history({ session }: Evidence): Finding | null {
  const told = session?.history ?? null;
  if (told === null) return null;
  const record = {
    symbol: told.symbol,
    bars: told.bars,
    afterMs: told.afterMs,
    codes: [...told.codes],
    text: told.text,
  };
  if (told.bars !== null && told.bars > 0) return { status: "pass", evidence: record };
  if (told.bars === 0 || NO_DATA.test(told.text ?? "")) {
    return { status: "unknown", evidence: record, because: "no bars for that day" };
  }
  return { status: "warn", evidence: record };
}

export function readOnly({ session, target }: Evidence): Finding | null {
  const told = session?.readOnly ?? null;
  if (told === null || session === null) return null;
  const { whatIf } = session;
  const record = {
    readOnly: told.readOnly,
    whatIf: whatIf === null ? null : { ...whatIf },
  };
  if (told.readOnly === null) {
    return { status: "unknown", evidence: record, because: "the next order id was not answered" };
  }
  if (told.readOnly) return { status: target.ordersWanted ? "fail" : "warn", evidence: record };
  if (whatIf !== null && whatIf.outcome !== "accepted") return { status: "warn", evidence: record };
  return { status: "pass", evidence: record };
}

export function openState({ session }: Evidence): Finding | null {
  const told = session?.openState ?? null;
  if (told === null) return null;
  const record = {
    refused: [...told.refused],
    incomplete: [...told.incomplete],
    positions: told.positions,
    workingOrders: told.workingOrders,
    executions: told.executions,
    differences: told.differences === null ? null : [...told.differences],
  };
  if (told.incomplete.length > 0) return { status: "fail", evidence: record };
  if (told.refused.length > 0) {
    return {
      status: "unknown",
      evidence: record,
      because: `a read-only API does not show ${told.refused.join(" and ")}`,
    };
  }
  return { status: (told.differences?.length ?? 0) > 0 ? "warn" : "pass", evidence: record };
}

export function calendar({ calendar }: Evidence): Finding {
  if (calendar === null) {
    return { status: "unknown", evidence: {}, because: "no calendar was given" };
  }
  if (!calendar.seen) return { status: "unknown", evidence: {}, because: calendar.because };
  return { status: "pass", evidence: { ...calendar.value } };
}

export function ledger({ ledger }: Evidence): Finding {
  if (ledger === null) return { status: "unknown", evidence: {}, because: "no ledger was given" };
  if (!ledger.seen) return { status: "unknown", evidence: {}, because: ledger.because };
  return {
    status: ledger.value.firstBreak === null ? "pass" : "fail",
    evidence: { ...ledger.value },
  };
}
