import { splitExecId } from "../exec_id.ts";
import type { EntryOf, IntentRecorded } from "../ledger/entry.ts";
import { absolute, greatest, least, type Micros, multiply, parseMicros, ZERO } from "../money.ts";
import { FINAL_STATUSES } from "../orders/order.ts";
import type { Day } from "./day.ts";
import type { OrderRecord } from "./facts.ts";

/** What was held, and what would have been lost at the stops, each time the session valued itself. */

export interface HeldAt {
  readonly at: number;
  readonly seq: number;
  readonly equity: Micros;
  /** Long and short market value by industry; symbols of which none is known count together. */
  readonly byIndustry: ReadonlyMap<string, Micros>; // industry → market value
  /** Loss if every stop were hit at its price: positions, and entries still working. */
  readonly heat: Micros;
}

interface Change {
  readonly seq: number;
  apply(state: State): void;
}

interface State {
  readonly shares: Map<string, Micros>; // symbol → shares held
  readonly filled: Map<string, Micros>; // intentId → shares filled
  readonly working: Map<string, IntentRecorded>; // intentId → intent not ended yet
}

/** One for each equity sample whose positions all have a mark; none without a start snapshot. */
export function heldAtSamples(day: Day): readonly HeldAt[] {
  const { opening, equity } = day.facts;
  if (opening === null) return [];
  const state: State = {
    shares: new Map([...opening].map(([symbol, { quantity }]) => [symbol, quantity])),
    filled: new Map(),
    working: new Map(),
  };
  const changes = [...fillsOf(day), ...livesOf(day)].toSorted((a, b) => a.seq - b.seq);
  let next = 0;
  return equity.flatMap((sample) => {
    for (let change = changes[next]; change !== undefined && change.seq < sample.seq;) {
      change.apply(state);
      change = changes[++next];
    }
    return measure(sample, state, day) ?? [];
  });
}

/** Executions as later corrected, from when they were first told. */
function fillsOf({ facts }: Day): readonly Change[] {
  const from = facts.start?.seq ?? 0;
  const firstSeq = new Map<string, number>(); // stem of execId → seq
  for (const { seq, body } of facts.executions.values()) {
    const { stem } = splitExecId(body.execId);
    firstSeq.set(stem, Math.min(firstSeq.get(stem) ?? seq, seq));
  }
  return facts.books.executions().flatMap(({ execId, symbol, side, quantity, intentId }) => {
    const seq = firstSeq.get(splitExecId(execId).stem);
    // Executions before the snapshot are in the positions it began with.
    if (seq === undefined || seq < from) return [];
    const signed = side === "BUY" ? quantity : -quantity;
    return [{
      seq,
      apply: ({ shares, filled, working }: State) => {
        shares.set(symbol, (shares.get(symbol) ?? ZERO) + signed);
        if (intentId === null) return;
        const total = (filled.get(intentId) ?? ZERO) + quantity;
        filled.set(intentId, total);
        const intent = working.get(intentId);
        if (intent !== undefined && total >= intent.quantity) working.delete(intentId);
      },
    }];
  });
}

/** When stops and entries began and ceased to work. */
function livesOf({ facts }: Day): readonly Change[] {
  return [...facts.orders.values()].flatMap((record: OrderRecord): Change[] => {
    const intent = record.intent ?? facts.carried.get(record.key) ?? null;
    if (intent === null || (intent.body.role !== "stop" && intent.body.role !== "entry")) return [];
    const { body, seq } = intent;
    const end = record.events.find((event) => FINAL_STATUSES.has(event.body.status));
    const begin: Change = { seq, apply: ({ working }) => working.set(body.intentId, body) };
    const moves = record.changes.map((change): Change => ({
      seq: change.seq,
      apply: ({ working }) => {
        const { lmtPrice, auxPrice } = change.body;
        const known = working.get(body.intentId);
        if (known !== undefined) working.set(body.intentId, { ...known, lmtPrice, auxPrice });
      },
    }));
    if (end === undefined) return [begin, ...moves];
    return [begin, ...moves, {
      seq: end.seq,
      apply: ({ working }) => working.delete(body.intentId),
    }];
  });
}

function measure(
  { at, seq, body }: EntryOf<"equity">,
  { shares, filled, working }: State,
  { facts }: Day,
): HeldAt | null {
  const byIndustry = new Map<string, Micros>();
  const orders = [...working.values()];
  let heat: Micros = ZERO;
  for (const [symbol, quantity] of shares) {
    if (quantity === ZERO) continue;
    const mark = body.marks[symbol];
    if (mark === undefined) return null;
    const worth = multiply(quantity, parseMicros(mark));
    const instrument = facts.instruments.get(symbol)?.body;
    const industry = instrument?.industry ?? "";
    byIndustry.set(industry, (byIndustry.get(industry) ?? ZERO) + absolute(worth));
    // What a person holds beside the session's symbols has no stop of ours.
    const isOurs = instrument !== undefined ||
      facts.opened.some((opened) => opened.body.symbols.includes(symbol));
    if (isOurs) heat += toStop({ symbol, quantity, worth }, orders);
  }
  for (const order of orders) {
    if (order.role === "entry") heat += entryRisk(order, orders, filled.get(order.intentId));
  }
  return { at, seq, equity: body.equity, byIndustry, heat };
}

function toStop(
  { symbol, quantity, worth }: {
    readonly symbol: string;
    readonly quantity: Micros;
    readonly worth: Micros;
  },
  orders: readonly IntentRecorded[],
): Micros {
  const side = quantity > ZERO ? "SELL" : "BUY";
  const [first, ...rest] = orders.flatMap((order) =>
    order.symbol === symbol && order.role === "stop" && order.side === side &&
      order.auxPrice !== null
      ? [order.auxPrice]
      : []
  );
  // Without a stop everything is at risk; of several the one that would lose most counts.
  if (first === undefined) return absolute(worth);
  const price = rest.reduce(side === "SELL" ? least : greatest, first);
  return greatest(worth - multiply(quantity, price), ZERO);
}

function entryRisk(
  { intentId, quantity, lmtPrice }: IntentRecorded,
  orders: readonly IntentRecorded[],
  filled: Micros = ZERO,
): Micros {
  const stop = orders.find(({ parentIntentId }) => parentIntentId === intentId)?.auxPrice ?? ZERO;
  return multiply(absolute((lmtPrice ?? ZERO) - stop), quantity - filled);
}
