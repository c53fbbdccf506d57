import {
  formatMicros,
  type Micros,
  MICROS_PER_UNIT,
  multiply,
  parseMicros,
} from "../../lib/money.ts";
import type { ExecutionLine, GatewayHistory, PlacedLine } from "./gateway_history.ts";
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
/** Of an execId that corrects none before it. */
const FIRST_REVISION = ".01";
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

/** In what an order differs from its intent. Of a change, which comes later, the price may, and it may ask for less. */
function unlike(
  { at, isChange, request: { order, contract } }: PlacedLine,
  intents: ReadonlyMap<unknown, Row>,
): string[] {
  const { orderRef, totalQuantity } = order;
  const intent = intents.get(orderRef);
  if (intent === undefined) return [`I3: ${orderRef} was sent, the ledger has no intent`];
  const { body } = intent;
  const early = intent.at > at ? [`I3: ${orderRef} was sent before its intent was durable`] : [];
  const asked = `${order.action} ${formatMicros(totalQuantity)} ${contract.symbol}`;
  const meant = `${body["side"]} ${body["quantity"]} ${body["symbol"]}`;
  const isLess = isChange && order.action === body["side"] &&
    contract.symbol === body["symbol"] && totalQuantity < parseMicros(String(body["quantity"]));
  return asked === meant || isLess
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
        this.#fill(line);
      }
      this.#look(line.at);
    }
    return [...this.#wrong.values()];
  }

  #fill({ at, execId, orderRef, symbol, side, quantity, price, position }: ExecutionLine): void {
    if (position < 0n) this.#say(at, `${symbol} is short ${formatMicros(position)}`);
    const { shares, cost } = this.#held.get(symbol) ?? { shares: 0n, cost: 0n };
    const perShare = shares === 0n ? price : cost * MICROS_PER_UNIT / shares;
    const isBought = side === "BUY" && execId.endsWith(FIRST_REVISION);
    const paid = isBought ? multiply(quantity, price) : 0n;
    this.#bought += paid;
    // A sale, and a fill that is taken back, leave the rest at what it has cost.
    this.#held.set(symbol, {
      shares: position,
      cost: isBought ? cost + paid : multiply(position, perShare),
    });
    // Its order line follows; until then these shares are no longer to be bought.
    const buying = this.#buying.get(orderRef);
    if (buying !== undefined && isBought) buying.left -= quantity;
  }

  #place({ at, isChange, request: { orderId, order, contract } }: PlacedLine): void {
    const stop = order.auxPrice ?? 0n;
    const before = this.#stops.get(order.orderRef) ?? 0n;
    this.#stops.set(order.orderRef, stop);
    if (isChange) {
      // A stop that follows the price, and only ever tighter.
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
