import type { Entry, EntryBody, EquitySampled, IntentRecorded } from "../../lib/ledger/entry.ts";
import { parseMicros } from "../../lib/money.ts";

/** Entries as a session writes them, with numbers that can be checked in the head. */

/** 2026-11-20 09:30 in New York. */
export const OPEN = Date.parse("2026-11-20T14:30:00Z");
export const MINUTE = 60_000;
export const SESSION = "2026-11-20-1";
export const at = (minute: number): number => OPEN + minute * MINUTE;

export const QUOTE = { bid: 99.99, ask: 100.01, time: OPEN };

/** Numbers entries from 1 and stamps each with a time. */
export class Script {
  readonly entries: Entry[] = [];

  write(atMs: number, ...bodies: readonly EntryBody[]): this {
    return this.as(SESSION, atMs, ...bodies);
  }

  as(sessionId: string, atMs: number, ...bodies: readonly EntryBody[]): this {
    for (const body of bodies) {
      const seq = this.entries.length + 1;
      this.entries.push({ seq, at: atMs, sessionId, body, hash: String(seq).padStart(64, "0") });
    }
    return this;
  }
}

type Opened = Extract<EntryBody, { kind: "session-opened" }>;

export function opened(changes: Partial<Opened> = {}): EntryBody {
  return {
    kind: "session-opened",
    mode: "paper",
    account: "DU1234567",
    exchange: "XNYS",
    date: "2026-11-20",
    opensAt: OPEN,
    closesAt: at(390),
    strategy: "sma-crossover",
    parameters: {},
    symbols: ["AAPL", "NVDA"],
    clock: "wall",
    configHash: "0123456789abcdef",
    codeVersion: "1.0.0",
    limits: { maxDailyLossPct: "2", maxOpenPositions: "4", maxOrderNotionalUsd: "2500" },
    ...changes,
  };
}

export function entered(to: Extract<EntryBody, { kind: "state-changed" }>["to"]): EntryBody {
  const from = to === "connecting" ? "preflight" : "connecting";
  return { kind: "state-changed", from, to, because: `now ${to}` };
}

export const ready: EntryBody = {
  kind: "connection-changed",
  state: "ready",
  detail: "server version 178, next order id 1",
};

export function snapshot(cash: string, where: "start" | "end" = "start"): EntryBody {
  const amount = parseMicros(cash);
  return {
    kind: "account-snapshot",
    at: where,
    account: "DU1234567",
    cash: amount,
    netLiquidation: amount,
    positions: [],
  };
}

export function signal(signalId: string, symbol = "AAPL"): EntryBody {
  return {
    kind: "signal",
    group: null,
    signalId,
    strategy: "sma-crossover",
    symbol,
    side: "BUY",
    purpose: "enter",
    stopPrice: 95,
    reason: { rule: "cross-above", text: "10 closes crossed 30 closes", inputs: {} },
    quote: QUOTE,
  };
}

export function intent(intentId: string, changes: Partial<IntentRecorded> = {}): EntryBody {
  return {
    kind: "intent",
    intentId,
    signalId: "s1",
    orderRef: `rt-${intentId}`,
    strategy: "sma-crossover",
    symbol: "AAPL",
    conId: 265598,
    side: "BUY",
    role: "entry",
    orderType: "LMT",
    tif: "DAY",
    quantity: parseMicros("10"),
    lmtPrice: parseMicros("100"),
    auxPrice: null,
    parentIntentId: null,
    ocaGroup: null,
    parentOrderId: null,
    displaySize: null,
    algo: null,
    deadlineMs: at(1),
    sizing: "10 shares",
    quote: QUOTE,
    ...changes,
  };
}

export function stop(intentId: string, price: string): EntryBody {
  return intent(intentId, {
    side: "SELL",
    role: "stop",
    orderType: "STP",
    lmtPrice: null,
    auxPrice: parseMicros(price),
  });
}

export function sent(intentId: string, orderId: number): EntryBody {
  return { kind: "order-sent", intentId, orderId };
}

type Status = Extract<EntryBody, { kind: "order-event" }>["status"];

export function status(intentId: string, word: Status, filled = "0"): EntryBody {
  return {
    kind: "order-event",
    intentId,
    orderId: 7,
    permId: 1_001,
    symbol: "AAPL",
    status: word,
    filled: parseMicros(filled),
    remaining: parseMicros("10") - parseMicros(filled),
    avgFillPrice: null,
    whyHeld: "",
    source: "status",
  };
}

export function fill(
  intentId: string,
  { execId, side = "BUY", price = "100" }: {
    execId: string;
    side?: "BUY" | "SELL";
    price?: string;
  },
): EntryBody {
  return {
    kind: "execution",
    execId,
    intentId,
    orderId: 7,
    permId: 1_001,
    orderRef: `rt-${intentId}`,
    account: "DU1234567",
    symbol: "AAPL",
    conId: 265598,
    side,
    quantity: parseMicros("10"),
    price: parseMicros(price),
    time: OPEN,
    exchange: "ISLAND",
    lastLiquidity: 2,
    quote: QUOTE,
  };
}

export function commission(execId: string, amount: string): EntryBody {
  return {
    kind: "commission",
    execId,
    amount: parseMicros(amount),
    currency: "USD",
    realizedPnl: null,
  };
}

/** Only the marks and the equity are read. */
export function sample(
  equity: string,
  marks: Readonly<Record<string, string>> = {},
): EquitySampled {
  return {
    kind: "equity",
    cash: 0n,
    equity: parseMicros(equity),
    realizedPnl: 0n,
    unrealizedPnl: 0n,
    commissions: 0n,
    grossExposure: 0n,
    netExposure: 0n,
    marks,
  };
}

export function incident(text: string): EntryBody {
  return {
    kind: "incident",
    code: "link-lost",
    severity: "warning",
    symbol: null,
    text,
    durationMs: null,
  };
}

/**
 * A session that bought 10 AAPL at 100 with a stop at 95, paid 1.00, and valued them at 103 in the third minute. It is
 * trading.
 */
export function tradingDay(): Script {
  return new Script()
    .write(at(-10), entered("connecting"), ready, opened(), snapshot("10000"))
    .write(at(0), entered("trading"))
    .write(at(1), signal("s1"), intent("A"), stop("B", "95"), sent("A", 1), sent("B", 2))
    .write(at(1) + 40, status("A", "Submitted"), status("B", "PreSubmitted"))
    .write(at(1) + 90, status("A", "Filled", "10"), fill("A", { execId: "e1.01" }))
    .write(at(1) + 95, commission("e1.01", "1"))
    .write(at(3), sample("10029", { AAPL: "103" }));
}

/** The same entries `byMs` later: a session that runs now. */
export function shifted(entries: readonly Entry[], byMs: number): readonly Entry[] {
  return entries.map((entry) => {
    const { body } = entry;
    const moved = body.kind === "session-opened"
      ? { ...body, opensAt: body.opensAt + byMs, closesAt: body.closesAt + byMs }
      : body;
    return { ...entry, at: entry.at + byMs, body: moved };
  });
}
