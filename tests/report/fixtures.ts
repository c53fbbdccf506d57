import { createHash } from "node:crypto";
import type {
  CommissionBooked,
  Entry,
  EntryBody,
  ExecutionBooked,
  IntentRecorded,
  QuoteSeen,
  Reconciled,
  SessionOpened,
} from "../../lib/ledger/entry.ts";
import { parseMicros } from "../../lib/money.ts";
import type { Side } from "../../lib/strategy/strategy.ts";

/** Friday 20 November 2026, 09:30 to 16:00 in New York. */
export const OPENS_AT = Date.UTC(2026, 10, 20, 14, 30);
export const CLOSES_AT = Date.UTC(2026, 10, 20, 21);
export const MINUTE = 60_000;
export const ACCOUNT = "DU1234567";
export const SESSION = "2026-11-20-1";

/** Writes entries as a session would, with seq and hash. Amounts are decimal text, times minutes after the open. */
export class LedgerBuilder {
  readonly entries: Entry[] = [];
  sessionId = SESSION;
  #orders = 0;
  #lastHash = "";

  at(minute: number, ...bodies: readonly EntryBody[]): this {
    for (const body of bodies) {
      const seq = this.entries.length + 1;
      const at = OPENS_AT + minute * MINUTE;
      const text = JSON.stringify(
        [this.#lastHash, seq, at, body],
        (_, value) => typeof value === "bigint" ? String(value) : value,
      );
      const hash = createHash("sha256").update(text).digest("hex");
      this.#lastHash = hash;
      this.entries.push({ seq, at, sessionId: this.sessionId, body, hash });
    }
    return this;
  }

  /** Opening, reconciliation and start snapshot, ten minutes before the open. */
  start(cash = "100000", options: {
    readonly positions?: readonly (readonly [symbol: string, quantity: string, avgCost: string])[];
    readonly netLiquidation?: string;
    readonly opened?: Partial<SessionOpened>;
  } = {}): this {
    const { positions = [], netLiquidation = cash, opened = {} } = options;
    return this.at(
      -10,
      sessionOpened(opened),
      reconciled("start", { cash }),
      snapshot("start", { cash, netLiquidation, positions }),
      { kind: "connection-changed", state: "ready", detail: "server version 178" },
      { kind: "state-changed", from: "warming-up", to: "waiting-for-open", because: "warm" },
    );
  }

  /** End snapshot, reconciliation and end, a minute after the close. */
  end(cash: string, options: {
    readonly netLiquidation?: string;
    readonly positions?: readonly (readonly [symbol: string, quantity: string, avgCost: string])[];
    readonly reconciled?: Partial<Reconciled>;
    readonly outcome?: "done" | "halted" | "interrupted" | "failed";
  } = {}): this {
    const { positions = [], netLiquidation = cash, outcome = "done" } = options;
    return this.at(
      391,
      snapshot("end", { cash, netLiquidation, positions }),
      { ...reconciled("end", { cash }), ...options.reconciled ?? {} },
      { kind: "session-closed", outcome, because: "the day is over" },
    );
  }

  /** Signal, intent, order sent and status of one order; the fills come with `fill`. */
  order(minute: number, intentId: string, changes: Partial<IntentRecorded> = {}): this {
    this.#orders++;
    const intent = { ...defaultIntent(intentId), ...changes };
    const { side, symbol, signalId, quote, role } = intent;
    if (signalId !== null) {
      this.at(minute, {
        kind: "signal",
        group: null,
        signalId,
        strategy: intent.strategy,
        symbol,
        side,
        purpose: role === "exit" ? "exit" : "enter",
        stopPrice: null,
        reason: {
          rule: role === "exit" ? "cross-below" : "cross-above",
          text: "The fast average crossed",
          inputs: { fast: 10.5, slow: 10.25 },
        },
        quote,
      });
    }
    return this.at(
      minute,
      intent,
      { kind: "order-sent", intentId, orderId: this.#orders },
      {
        kind: "order-event",
        intentId,
        orderId: this.#orders,
        permId: 1_000 + this.#orders,
        symbol,
        status: "Submitted",
        filled: 0n,
        remaining: intent.quantity,
        avgFillPrice: null,
        whyHeld: "",
        source: "status",
      },
    );
  }

  /** An execution and, unless null, its commission. */
  fill(minute: number, changes: FillChanges): this {
    const { commission: amount = "1", ...more } = changes;
    const body = execution(minute, more);
    this.at(minute, body);
    return amount === null ? this : this.at(minute, commission(body.execId, amount));
  }

  /** A minute's own valuation. */
  equity(minute: number, equity: string, options: {
    readonly marks?: Readonly<Record<string, string>>;
    readonly gross?: string;
  } = {}): this {
    const { marks = {}, gross = "0" } = options;
    return this.at(minute, {
      kind: "equity",
      cash: parseMicros(equity),
      equity: parseMicros(equity),
      realizedPnl: 0n,
      unrealizedPnl: 0n,
      commissions: 0n,
      grossExposure: parseMicros(gross),
      netExposure: parseMicros(gross),
      marks,
    });
  }

  refused(
    minute: number,
    signalId: string,
    code: string,
    numbers: readonly [string, string] = ["", ""],
  ): this {
    return this.at(
      minute,
      {
        kind: "signal",
        group: null,
        signalId,
        strategy: "sma-crossover",
        symbol: "TSLA",
        side: "BUY",
        purpose: "enter",
        stopPrice: 190,
        reason: { rule: "cross-above", text: "The fast average crossed", inputs: {} },
        quote: NO_QUOTE,
      },
      { kind: "refused", signalId, symbol: "TSLA", code, value: numbers[0], limit: numbers[1] },
    );
  }
}

type FillChanges =
  & Partial<Omit<ExecutionBooked, "quantity" | "price" | "side" | "intentId">>
  & {
    readonly execId: string;
    readonly side: Side;
    readonly shares: string;
    readonly at: string;
    readonly intentId?: string | null;
    /** Null when the broker has not said it. */
    readonly commission?: string | null;
  };

export const NO_QUOTE: QuoteSeen = { bid: null, ask: null, time: 0 };

export function quote(bid: number, ask: number): QuoteSeen {
  return { bid, ask, time: OPENS_AT };
}

export function execution(minute: number, changes: FillChanges): ExecutionBooked {
  const { shares, at, commission: _, ...more } = changes;
  return {
    kind: "execution",
    intentId: null,
    orderId: 1,
    permId: 1_001,
    orderRef: "",
    account: ACCOUNT,
    symbol: "AAPL",
    conId: 265598,
    time: OPENS_AT + minute * MINUTE - 40,
    exchange: "ISLAND",
    lastLiquidity: 2,
    quote: NO_QUOTE,
    ...more,
    quantity: parseMicros(shares),
    price: parseMicros(at),
  };
}

export function commission(execId: string, amount: string, currency = "USD"): CommissionBooked {
  return { kind: "commission", execId, amount: parseMicros(amount), currency, realizedPnl: null };
}

export function sessionOpened(changes: Partial<SessionOpened> = {}): SessionOpened {
  return {
    kind: "session-opened",
    mode: "paper",
    account: ACCOUNT,
    exchange: "XNYS",
    date: "2026-11-20",
    opensAt: OPENS_AT,
    closesAt: CLOSES_AT,
    strategy: "sma-crossover",
    parameters: { fast: 10, slow: 30 },
    symbols: ["AAPL", "TSLA"],
    clock: "wall",
    configHash: "c0ffee",
    codeVersion: "0.1.0",
    limits: { maxDailyLossPct: "2", maxOpenPositions: "10", maxOrdersPerMinute: "30" },
    ...changes,
  };
}

export function snapshot(
  at: "start" | "end",
  { cash, netLiquidation, positions }: {
    readonly cash: string;
    readonly netLiquidation: string;
    readonly positions: readonly (readonly [string, string, string])[];
  },
): EntryBody {
  return {
    kind: "account-snapshot",
    at,
    account: ACCOUNT,
    cash: parseMicros(cash),
    netLiquidation: parseMicros(netLiquidation),
    positions: positions.map(([symbol, quantity, avgCost]) => ({
      symbol,
      conId: 265598,
      quantity: parseMicros(quantity),
      avgCost: parseMicros(avgCost),
    })),
  };
}

export function reconciled(at: "start" | "end", { cash }: { readonly cash: string }): Reconciled {
  return {
    kind: "reconciled",
    at,
    fills: { ledger: 2, broker: 2 },
    positions: { ledger: 0, broker: 0 },
    cash: { ledger: parseMicros(cash), broker: parseMicros(cash) },
    differences: [],
  };
}

function defaultIntent(intentId: string): IntentRecorded {
  return {
    kind: "intent",
    intentId,
    signalId: `${intentId}-signal`,
    orderRef: `RT-${intentId}`,
    strategy: "sma-crossover",
    symbol: "AAPL",
    conId: 265598,
    side: "BUY",
    role: "entry",
    orderType: "LMT",
    tif: "DAY",
    quantity: parseMicros("100"),
    lmtPrice: parseMicros("10.05"),
    auxPrice: null,
    parentIntentId: null,
    ocaGroup: null,
    parentOrderId: null,
    displaySize: null,
    algo: null,
    deadlineMs: OPENS_AT + MINUTE,
    sizing: "5 % of equity",
    quote: NO_QUOTE,
  };
}

/**
 * A day that gains: 100 AAPL bought at 10.00 and sold at 10.50, 1.00 commission each: +50.00 gross, +48.00 net.
 */
export function winningDay(): LedgerBuilder {
  return new LedgerBuilder()
    .start()
    .at(0, { kind: "state-changed", from: "waiting-for-open", to: "trading", because: "open" })
    .order(5, "I1", { quote: quote(9.99, 10.01) })
    .fill(5, { execId: "e.1.01.01", side: "BUY", shares: "100", at: "10", intentId: "I1" })
    .equity(6, "99999", { marks: { AAPL: "10" }, gross: "1000" })
    .equity(30, "99949", { marks: { AAPL: "9.5" }, gross: "950" })
    .order(60, "I2", { side: "SELL", role: "exit", lmtPrice: parseMicros("10.45") })
    .fill(60, { execId: "e.2.01.01", side: "SELL", shares: "100", at: "10.50", intentId: "I2" })
    .equity(61, "100048")
    .refused(70, "R1", "EXCEEDS_POSITION_LIMIT", ["12000", "10000"])
    .end("100048");
}
