import { formatMicros, type Micros, multiply, parseMicros } from "../../lib/money.ts";
import {
  cashOf,
  executionsOf,
  type GatewayHistory,
  ordersOf,
  positionsOf,
} from "./gateway_history.ts";
import { bodies, type LedgerFile } from "./ledger_file.ts";

/**
 * I1, I2, I4, I5 and I6, held against the Gateway's own history and the rows of the ledger file. None of the folds
 * the session stands on is used: a bug in them shows here. The answer lists every breach; empty means that all hold.
 * I3 is in limits_held.ts.
 */
export function breaches(
  ledger: LedgerFile,
  history: GatewayHistory,
  starting: Holdings,
): string[] {
  return [
    ...oneOrderPerIntent(history),
    ...cashEqual(ledger, history, starting),
    ...positionsEqual(ledger, history, starting),
    ...everyFillOnce(ledger, history),
    ...ledger.firstBreak === null ? [] : [`I5: the chain breaks at entry ${ledger.firstBreak}`],
    ...ledger.integrity === "ok" ? [] : [`I5: the ledger file is damaged: ${ledger.integrity}`],
    ...everyIntentEnds(ledger, history),
  ];
}

/** What the account held before the first line, by the Gateway's history until then. */
export interface Holdings {
  readonly cash: Micros;
  readonly positions: ReadonlyMap<string, Micros>; // symbol → shares
}

type Body = Readonly<Record<string, unknown>>;

const FINAL: ReadonlySet<unknown> = new Set(["Filled", "Cancelled", "ApiCancelled", "Inactive"]);
/** IB's "Order Canceled"; all there is when no status comes. */
const CANCELLED = 202;
/** Half a cent: what IB rounds off when it tells the cash. */
const ROUNDED: Micros = 5_000n;

function oneOrderPerIntent(history: GatewayHistory): string[] {
  const orders = new Map<string, Set<string>>(); // orderRef → its orders at the Gateway
  const note = (orderRef: string, order: string): void => {
    if (orderRef !== "") orders.set(orderRef, (orders.get(orderRef) ?? new Set()).add(order));
  };
  for (const { orderRef, permId } of ordersOf(history)) note(orderRef, `permId ${permId}`);
  return [...orders].filter(([, known]) => known.size > 1)
    .map(([orderRef, known]) => `I1: ${orderRef} is ${[...known].join(" and ")}`);
}

/** Executions or commissions in force: of each stem the highest revision, of that the newest word. */
function inForce(said: readonly Body[]): readonly Body[] {
  const byStem = new Map<string, Body>(); // execId without its revision → what holds
  for (const one of said) {
    const execId = String(one["execId"]);
    const known = byStem.get(stemOf(execId));
    if (known === undefined || String(known["execId"]) <= execId) {
      byStem.set(stemOf(execId), one);
    }
  }
  return [...byStem.values()];
}

function stemOf(execId: string): string {
  return execId.slice(0, execId.lastIndexOf("."));
}

function micros(body: Body, name: string): Micros {
  return parseMicros(String(body[name]));
}

function signed(execution: Body): Micros {
  const quantity = micros(execution, "quantity");
  return execution["side"] === "BUY" ? quantity : -quantity;
}

/** From what there was, everything that moved since. */
function cashEqual(
  ledger: LedgerFile,
  history: GatewayHistory,
  starting: Holdings,
): string[] {
  const gatewayCash = cashOf(history, starting.cash);
  let { cash } = starting;
  for (const execution of inForce(bodies(ledger, "execution"))) {
    cash -= multiply(signed(execution), micros(execution, "price"));
  }
  for (const commission of inForce(bodies(ledger, "commission"))) {
    cash -= micros(commission, "amount");
  }
  const wrong = cash === gatewayCash
    ? []
    : [`I2: ledger cash ${formatMicros(cash)}, Gateway ${formatMicros(gatewayCash)}`];
  const last = bodies(ledger, "account-snapshot").filter((body) => body["at"] === "end").at(-1);
  if (last === undefined) return [...wrong, "I2: the books were never closed"];
  const said = micros(last, "cash") - gatewayCash;
  return said <= ROUNDED && said >= -ROUNDED
    ? wrong
    : [...wrong, `I2: the books were closed ${formatMicros(said)} away from the Gateway's cash`];
}

function positionsEqual(
  ledger: LedgerFile,
  history: GatewayHistory,
  { positions }: Holdings,
): string[] {
  const ours = new Map(positions); // symbol → shares
  for (const execution of inForce(bodies(ledger, "execution"))) {
    const symbol = String(execution["symbol"]);
    ours.set(symbol, (ours.get(symbol) ?? 0n) + signed(execution));
  }
  const theirs = positionsOf(history, positions);
  return [...new Set([...ours.keys(), ...theirs.keys()])].flatMap((symbol) => {
    const [ledgerHas = 0n, gatewayHas = 0n] = [ours.get(symbol), theirs.get(symbol)];
    return ledgerHas === gatewayHas ? [] : [
      `I2: ${symbol} ledger ${formatMicros(ledgerHas)}, Gateway ${formatMicros(gatewayHas)}`,
    ];
  });
}

function everyFillOnce(ledger: LedgerFile, history: GatewayHistory): string[] {
  const booked = bodies(ledger, "execution").map(({ execId }) => String(execId));
  const known = new Set(booked);
  const theirs = new Map(executionsOf(history).map((line) => [line.execId, line]));
  const newest = new Map([...theirs.keys()].sort().map((execId) => [stemOf(execId), execId]));
  return [
    ...booked.length === known.size ? [] : ["I4: an execution is booked twice"],
    // A revision that was replaced before anybody heard of it is no loss.
    ...[...newest.values()].filter((execId) => !known.has(execId))
      .map((execId) => `I4: fill ${execId} is missing`),
    ...booked.filter((execId) => !theirs.has(execId)).map((id) => `I4: fill ${id} is invented`),
  ];
}

/** In the ledger by its last word or its fills, or frozen with a person told; and nothing works on at the Gateway. */
function everyIntentEnds(ledger: LedgerFile, history: GatewayHistory): string[] {
  const last = new Map<unknown, unknown>(); // intentId → a final status, or the newest
  for (const { intentId, status } of bodies(ledger, "order-event")) {
    if (!FINAL.has(last.get(intentId))) last.set(intentId, status);
  }
  const filled = new Map<unknown, Micros>(); // intentId → shares
  for (const execution of inForce(bodies(ledger, "execution"))) {
    const { intentId } = execution;
    filled.set(intentId, (filled.get(intentId) ?? 0n) + micros(execution, "quantity"));
  }
  const frozen = new Set(bodies(ledger, "intent-frozen").map(({ intentId }) => intentId));
  const messages = bodies(ledger, "order-message");
  const answered = new Set(messages.map(({ intentId }) => intentId));
  const cancelled = new Set(
    messages.filter(({ code }) => code === CANCELLED).map(({ intentId }) => intentId),
  );
  const accepted = new Set<unknown>(ordersOf(history).map(({ orderRef }) => orderRef));
  const endless = bodies(ledger, "intent").filter((intent) => {
    const { intentId, orderRef } = intent;
    // Refused at the door: it never was an order, and the ledger has the reason.
    const refused = answered.has(intentId) && !accepted.has(orderRef);
    return !FINAL.has(last.get(intentId)) && !frozen.has(intentId) && !refused &&
      !cancelled.has(intentId) &&
      (filled.get(intentId) ?? 0n) < micros(intent, "quantity");
  });
  const working = new Map(ordersOf(history).map((line) => [line.permId, line]));
  return [
    ...endless.map(({ intentId, orderRef, role }) =>
      `I6: ${orderRef} (${role}) has no end, status ${last.get(intentId) ?? "unknown"}`
    ),
    ...[...working.values()].filter(({ status }) => !FINAL.has(status))
      .map(({ orderRef, status }) => `I6: ${orderRef} still is ${status} at the Gateway`),
  ];
}
