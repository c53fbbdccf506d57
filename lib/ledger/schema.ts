import { z } from "zod";
import { formatMicros } from "../money.ts";
import type { EntryBody } from "./entry.ts";
import { micros } from "./micros_text.ts";

/** The bodies as they stand on disk: one zod schema per kind, Micros as decimal text. */

const text = z.string();
const count = z.number().int();
const instant = z.number().int();
const side = z.enum(["BUY", "SELL"]);
const role = z.enum(["entry", "stop", "target", "exit"]);
const purpose = z.enum(["enter", "exit"]);
const connectionState = z.enum(["connecting", "ready", "upstream-lost", "closed"]);
const orderStatus = z.enum([
  "PendingSubmit",
  "PendingCancel",
  "PreSubmitted",
  "Submitted",
  "ApiCancelled",
  "Cancelled",
  "Filled",
  "Inactive",
]);
const sessionState = z.enum([
  "preflight",
  "connecting",
  "reconciling",
  "warming-up",
  "waiting-for-open",
  "trading",
  "winding-down",
  "flattening",
  "settling",
  "closed",
  "failed",
]);
const quote = z.strictObject({
  bid: z.number().nullable(),
  ask: z.number().nullable(),
  time: instant,
});
const reason = z.strictObject({
  rule: text,
  text,
  inputs: z.record(text, z.union([z.number(), text])),
});
const countPair = z.strictObject({ ledger: count, broker: count });
const actorAndReason = { actor: text, because: text };

const bodies = [
  z.strictObject({
    kind: z.literal("session-opened"),
    mode: z.enum(["paper", "live"]),
    account: text,
    exchange: text,
    date: text,
    opensAt: instant,
    closesAt: instant,
    strategy: text,
    parameters: z.record(text, z.unknown()),
    symbols: z.array(text),
    clock: text,
    configHash: text,
    codeVersion: text,
    limits: z.record(text, text),
    gatewayRestart: text.nullable().exactOptional(),
  }),
  z.strictObject({
    kind: z.literal("state-changed"),
    from: sessionState.nullable(),
    to: sessionState,
    because: text,
  }),
  z.strictObject({
    kind: z.literal("session-closed"),
    outcome: z.enum(["done", "halted", "interrupted", "failed"]),
    because: text,
  }),
  z.strictObject({
    kind: z.literal("connection-changed"),
    state: connectionState,
    detail: text,
  }),
  z.strictObject({
    kind: z.literal("instrument"),
    symbol: text,
    conId: count,
    primaryExchange: text,
    currency: text,
    minTick: micros,
    longName: text,
    industry: text,
  }),
  z.strictObject({
    kind: z.literal("signal"),
    signalId: text,
    strategy: text,
    symbol: text,
    side,
    purpose,
    stopPrice: z.number().nullable(),
    reason,
    quote,
    group: text.nullable().default(null),
  }),
  z.strictObject({
    kind: z.literal("refused"),
    signalId: text,
    symbol: text,
    code: text,
    value: text,
    limit: text,
  }),
  z.strictObject({
    kind: z.literal("refusal-repeated"),
    signalId: text,
    symbol: text,
    code: text,
    value: text,
    limit: text,
    count,
    lastAt: instant,
  }),
  z.strictObject({
    kind: z.literal("intent"),
    intentId: text,
    signalId: text.nullable(),
    orderRef: text,
    strategy: text,
    symbol: text,
    conId: count,
    side,
    role,
    orderType: z.enum(["MKT", "LMT", "STP", "STP LMT"]),
    tif: z.enum(["DAY", "GTC", "IOC"]),
    quantity: micros,
    lmtPrice: micros.nullable(),
    auxPrice: micros.nullable(),
    parentIntentId: text.nullable(),
    ocaGroup: text.nullable(),
    parentOrderId: text.nullable().default(null),
    displaySize: micros.nullable().default(null),
    algo: z.strictObject({
      strategy: z.enum(["Adaptive", "Twap", "Vwap"]),
      params: z.record(text, text),
    }).nullable().default(null),
    deadlineMs: instant,
    sizing: text,
    quote,
  }),
  z.strictObject({ kind: z.literal("order-sent"), intentId: text, orderId: count }),
  z.strictObject({
    kind: z.literal("order-event"),
    intentId: text.nullable(),
    orderId: count,
    permId: count,
    symbol: text,
    status: orderStatus,
    filled: micros,
    remaining: micros,
    avgFillPrice: micros.nullable(),
    whyHeld: text,
    source: z.enum(["status", "open-orders", "completed-orders", "local", "not-sent"]),
  }),
  z.strictObject({
    kind: z.literal("order-message"),
    intentId: text.nullable(),
    orderId: count,
    code: count,
    text,
  }),
  z.strictObject({
    kind: z.literal("order-changed"),
    intentId: text,
    symbol: text,
    lmtPrice: micros.nullable(),
    auxPrice: micros.nullable(),
    quantity: micros.nullable().default(null),
    rule: text,
    because: text,
  }),
  z.strictObject({
    kind: z.literal("parent-order"),
    parentOrderId: text,
    signalId: text,
    strategy: text,
    symbol: text,
    side,
    purpose,
    quantity: micros,
    algorithm: text,
    because: text,
    startMs: instant,
    endMs: instant,
    seed: count,
    limitPrice: micros.nullable(),
    stopPrice: micros.nullable(),
    reserved: micros,
    sizing: text,
    expectedVolume: micros.nullable(),
    quote,
  }),
  z.strictObject({
    kind: z.literal("parent-stopped"),
    parentOrderId: text,
    symbol: text,
    because: text,
  }),
  z.strictObject({
    kind: z.literal("parent-ended"),
    parentOrderId: text,
    symbol: text,
    outcome: z.enum(["filled", "partly-filled", "unfilled"]),
    because: text,
    filled: micros,
    remainder: micros,
    avgFillPrice: micros.nullable(),
    intervalVwap: z.number().nullable(),
    marketVolume: micros.nullable(),
    quote,
  }),
  z.strictObject({
    kind: z.literal("intent-frozen"),
    intentId: text,
    symbol: text,
    because: text,
  }),
  z.strictObject({
    kind: z.literal("execution"),
    execId: text,
    intentId: text.nullable(),
    orderId: count,
    permId: count,
    orderRef: text,
    account: text,
    symbol: text,
    conId: count,
    side,
    quantity: micros,
    price: micros,
    time: instant,
    exchange: text,
    lastLiquidity: count,
    quote,
  }),
  z.strictObject({
    kind: z.literal("commission"),
    execId: text,
    amount: micros,
    currency: text,
    realizedPnl: micros.nullable(),
  }),
  z.strictObject({
    kind: z.literal("account-snapshot"),
    at: z.enum(["start", "end", "during"]),
    account: text,
    cash: micros,
    netLiquidation: micros,
    positions: z.array(
      z.strictObject({ symbol: text, conId: count, quantity: micros, avgCost: micros }),
    ),
  }),
  z.strictObject({
    kind: z.literal("equity"),
    cash: micros,
    equity: micros,
    realizedPnl: micros,
    unrealizedPnl: micros,
    commissions: micros,
    grossExposure: micros,
    netExposure: micros,
    marks: z.record(text, text),
  }),
  z.strictObject({
    kind: z.literal("reconciled"),
    at: z.enum(["start", "end", "reconnect"]),
    fills: countPair,
    positions: countPair,
    cash: z.strictObject({ ledger: micros, broker: micros }),
    differences: z.array(
      z.strictObject({
        what: z.enum(["position", "cash", "execution", "order"]),
        key: text,
        ledger: text,
        broker: text,
      }),
    ),
  }),
  z.strictObject({
    kind: z.literal("incident"),
    code: text,
    severity: z.enum(["note", "warning", "error"]),
    symbol: text.nullable(),
    text,
    durationMs: z.number().nullable(),
  }),
  z.strictObject({ kind: z.literal("halted"), ...actorAndReason }),
  z.strictObject({ kind: z.literal("halt-lifted"), ...actorAndReason }),
  z.strictObject({ kind: z.literal("entries-paused"), ...actorAndReason }),
  z.strictObject({ kind: z.literal("entries-resumed"), ...actorAndReason }),
  z.strictObject({ kind: z.literal("flatten-requested"), ...actorAndReason }),
  z.strictObject({
    kind: z.literal("farm-changed"),
    farm: text,
    service: z.enum(["market-data", "history", "security-definition"]),
    state: z.enum(["up", "down", "inactive", "connecting"]),
    code: count,
  }),
  z.strictObject({
    kind: z.literal("clock-compared"),
    offsetMs: z.number(),
    roundTripMs: z.number(),
  }),
  z.strictObject({
    kind: z.literal("probe-result"),
    verdict: z.enum(["ready", "degraded", "not-ready"]),
    diagnosis: text.nullable(),
    elapsedMs: z.number(),
  }),
  z.strictObject({
    kind: z.literal("decisions-summary"),
    symbols: z.array(z.strictObject({
      symbol: text,
      bars: count,
      withSignal: count,
      late: count,
      lastBarAt: instant,
      last: text,
      spans: z.array(z.strictObject({ from: instant, to: instant, bars: count, answer: text }))
        .default([]),
    })),
  }),
  z.strictObject({
    kind: z.literal("day-prices"),
    symbols: z.array(z.strictObject({
      symbol: text,
      vwap: z.number().nullable(),
      close: z.number().nullable(),
      volume: z.number().nullable(),
      coveredMs: instant,
    })),
  }),
] as const;

const entryBody: z.ZodType<EntryBody, unknown> = z.discriminatedUnion("kind", bodies);

/**
 * The body that this JSON text holds.
 *
 * @throws {SyntaxError} when it is no JSON or not the shape of any kind
 */
export function decodeBody(json: string): EntryBody {
  return checkBody(JSON.parse(json));
}

/**
 * The body that this parsed JSON is.
 *
 * @throws {SyntaxError} when it is not the shape of any kind
 */
export function checkBody(value: unknown): EntryBody {
  const result = entryBody.safeParse(value);
  if (result.success) return result.data;
  throw new SyntaxError(`Cannot read a ledger entry: ${z.prettifyError(result.error)}`);
}

/**
 * Canonical JSON: keys sorted, Micros as decimal text, no white space. Equal facts give equal bytes, which is
 * what the hash chain stands on.
 */
export function encodeBody(body: EntryBody): string {
  return canonical(body);
}

function canonical(value: unknown): string {
  if (typeof value === "bigint") return `"${formatMicros(value)}"`;
  if (Array.isArray(value)) return `[${value.map(canonical).join(",")}]`;
  if (typeof value === "object" && value !== null) {
    const members = Object.entries(value)
      .filter(([, member]) => member !== undefined)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, member]) => `${JSON.stringify(key)}:${canonical(member)}`);
    return `{${members.join(",")}}`;
  }
  if (typeof value === "number" && !Number.isFinite(value)) {
    throw new RangeError(`Cannot write ${value} to the ledger: not a finite number`);
  }
  return JSON.stringify(value);
}
