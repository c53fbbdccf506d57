import { formatMicros, type Micros, multiply } from "../../lib/money.ts";
import type { GatewayHistory, PlacedLine } from "./gateway_history.ts";
import type { LedgerFile, Row } from "./ledger_file.ts";

/** The limits of a day, in force from its first instant. */
export interface HeldLimits {
  readonly maxOrderNotional: Micros;
  readonly maxDailyNotional: Micros;
  readonly maxOpenPositions: number;
  /** All that is held and may still be bought, at what it cost or may cost. */
  readonly maxGrossExposure: Micros;
  readonly maxOrdersPerMinute: number;
  /** Epoch ms; entries end here. */
  readonly entriesUntil: number;
}

/** IB cuts a client that sends more. */
const MESSAGES_PER_SECOND_MAX = 50;
/** The price is off the grid, the parent is unknown, rejected: there is no such order. */
const REFUSALS: ReadonlySet<number> = new Set([110, 135, 201]);
const MINUTE_MS = 60_000;
const SECOND_MS = 1_000;

/** I3, at every instant of the Gateway's history: no limit is exceeded by what is held and working, nothing is short. */
export function limitBreaches(history: GatewayHistory, limits: HeldLimits): string[] {
  return [
    ...new Instants(limits).walk(history),
    ...notTooMany(history.messagesAt, {
      most: MESSAGES_PER_SECOND_MAX,
      withinMs: SECOND_MS,
      what: "messages within a second",
    }),
  ];
}

/** I3: nothing is there that no intent stands for, that risk refused, or that differs from its intent. */
export function intentBreaches(ledger: LedgerFile, { lines }: GatewayHistory): string[] {
  const intents = new Map<unknown, Row>(); // orderRef → its intent
  const parents = new Set<unknown>(); // signalId → an algorithm works it; a slice that is refused ends nothing
  const refused = new Set<unknown>(); // signalId
  const wrong: string[] = [];
  for (const row of ledger.rows) {
    const { signalId, orderRef } = row.body;
    if (row.kind === "intent") intents.set(orderRef, row);
    else if (row.kind === "parent-order") parents.add(signalId);
    else if (row.kind === "refused" && !parents.has(signalId)) refused.add(signalId);
    if ((row.kind === "intent" || row.kind === "parent-order") && refused.has(signalId)) {
      wrong.push(`I3: ${orderRef ?? row.body["parentOrderId"]} is meant though refused`);
    }
  }
  return [
    ...wrong,
    ...lines.flatMap((line) => line.kind === "placed" ? unlike(line, intents) : []),
  ];
}

/** In what a frame differs from its intent. The price of a stop may: it follows the market. */
function unlike(
  { at, request: { order, contract } }: PlacedLine,
  intents: ReadonlyMap<unknown, Row>,
): string[] {
  const { orderRef } = order;
  const intent = intents.get(orderRef);
  if (intent === undefined) return [`I3: ${orderRef} was sent, the ledger has no intent`];
  const { body } = intent;
  const early = intent.at > at ? [`I3: ${orderRef} was sent before its intent was durable`] : [];
  const asked = `${order.action} ${formatMicros(order.totalQuantity)} ${contract.symbol}`;
  const meant = `${body["side"]} ${body["quantity"]} ${body["symbol"]}`;
  return asked === meant
    ? early
    : [...early, `I3: ${orderRef} asks ${asked}, its intent says ${meant}`];
}

/** An order that may still buy. */
interface Buying {
  readonly symbol: string;
  /** The worst price it may pay. */
  readonly price: Micros;
  left: Micros;
  /** False while the Gateway only keeps it until its group is complete; it forgets it with the connection. */
  isAccepted: boolean;
}

/** Goes through the history line by line, and looks at all that is held and working after each. */
class Instants {
  readonly #limits: HeldLimits;
  readonly #wrong = new Map<string, string>(); // kind of breach → the first of it
  readonly #buying = new Map<string, Buying>(); // orderRef → what may still be bought
  readonly #byOrderId = new Map<number, Buying>(); // order id, as long as it means this → the same
  readonly #held = new Map<string, { shares: Micros; cost: Micros }>();
  readonly #placedAt: number[] = [];
  readonly #stops = new Map<string, Micros>(); // orderRef → its trigger, 0 of an order without
  #bought: Micros = 0n;

  constructor(limits: HeldLimits) {
    this.#limits = limits;
  }

  walk({ lines }: GatewayHistory): string[] {
    const seen = new Set<string>(); // execIds, as a Gateway that is replayed tells them again
    for (const line of lines) {
      if (line.kind === "placed") this.#place(line);
      else if (line.kind === "order") {
        const buying = this.#buying.get(line.orderRef);
        if (buying !== undefined) {
          buying.left = isOver(line.status) ? 0n : line.remaining;
          buying.isAccepted = true;
        }
      } else if (line.kind === "message") {
        const buying = this.#byOrderId.get(line.orderId);
        if (buying !== undefined && REFUSALS.has(line.code)) buying.left = 0n;
      } else if (line.kind === "disconnected") {
        for (const buying of this.#buying.values()) if (!buying.isAccepted) buying.left = 0n;
      } else if (!seen.has(line.execId)) {
        seen.add(line.execId);
        const { symbol, side, quantity, price, position } = line;
        if (position < 0n) this.#say(line.at, `${symbol} is short ${formatMicros(position)}`);
        const cost = multiply(quantity, price);
        const held = this.#held.get(symbol) ?? { shares: 0n, cost: 0n };
        if (side === "BUY") this.#bought += cost;
        const share = held.shares === 0n ? 0n : held.cost * quantity / held.shares;
        this.#held.set(symbol, {
          shares: position,
          cost: position === 0n ? 0n : side === "BUY" ? held.cost + cost : held.cost - share,
        });
        // Its order line follows; until then these shares are no longer to be bought.
        const buying = this.#buying.get(line.orderRef);
        if (buying !== undefined && side === "BUY") buying.left -= quantity;
      }
      this.#look(line.at);
    }
    return [...this.#wrong.values()];
  }

  #place({ at, request: { orderId, order, contract } }: PlacedLine): void {
    const stop = order.auxPrice ?? 0n;
    const before = this.#stops.get(order.orderRef);
    this.#stops.set(order.orderRef, stop);
    if (before !== undefined) {
      // A change of a working order: a stop that follows the price, and only ever tighter.
      if (stop < before) this.#say(at, `${order.orderRef} is a stop moved away from the market`);
      return;
    }
    this.#placedAt.push(at);
    if (order.action !== "BUY") return;
    const { maxOrderNotional, maxOrdersPerMinute, entriesUntil } = this.#limits;
    const price = order.lmtPrice ?? 0n;
    const left = order.totalQuantity;
    const notional = multiply(left, price);
    if (notional > maxOrderNotional) {
      this.#say(at, `${order.orderRef} asks for ${formatMicros(notional)} USD`);
    }
    if (at > entriesUntil) this.#say(at, `${order.orderRef} enters too late`);
    const orders = this.#placedAt.filter((one) => one > at - MINUTE_MS).length;
    if (orders > maxOrdersPerMinute) this.#say(at, `an entry is order ${orders} within a minute`);
    const buying = { symbol: contract.symbol, price, left, isAccepted: false };
    this.#buying.set(order.orderRef, buying);
    this.#byOrderId.set(orderId, buying);
  }

  #look(at: number): void {
    const { maxDailyNotional, maxGrossExposure, maxOpenPositions } = this.#limits;
    let reserved: Micros = 0n;
    let gross: Micros = 0n;
    const symbols = new Set<string>();
    for (const { symbol, price, left } of this.#buying.values()) {
      if (left <= 0n) continue;
      reserved += multiply(left, price);
      symbols.add(symbol);
    }
    for (const [symbol, { shares, cost }] of this.#held) {
      if (shares === 0n) continue;
      gross += cost;
      symbols.add(symbol);
    }
    if (symbols.size > maxOpenPositions) this.#say(at, `${symbols.size} positions are open`);
    if (this.#bought + reserved > maxDailyNotional) {
      this.#say(at, `${formatMicros(this.#bought + reserved)} USD are bought or working today`);
    }
    if (gross + reserved > maxGrossExposure) {
      this.#say(at, `${formatMicros(gross + reserved)} USD are held or working`);
    }
  }

  /** A limit once exceeded stays so for many lines; the first of them says it all. */
  #say(at: number, what: string): void {
    const kind = what.replaceAll(/[\d.]+/g, "");
    if (this.#wrong.has(kind)) return;
    this.#wrong.set(kind, `I3: at ${new Date(at).toISOString()} ${what}`);
  }
}

function isOver(status: string): boolean {
  return status === "Filled" || status === "Cancelled" || status === "ApiCancelled" ||
    status === "Inactive";
}

function notTooMany(
  at: readonly number[],
  { most, withinMs, what }: {
    readonly most: number;
    readonly withinMs: number;
    readonly what: string;
  },
): string[] {
  for (let first = 0; first + most < at.length; first++) {
    const [from = 0, to = 0] = [at[first], at[first + most]];
    if (to - from < withinMs) {
      return [`I3: more than ${most} ${what} at ${new Date(from).toISOString()}`];
    }
  }
  return [];
}
